package io.plimsoll.loadtest.simulate;

import java.util.ArrayList;
import java.util.List;

/** Columns for people. */
public final class TextRows
{
    private static final String GAP = "  ";

    private TextRows()
    {
    }

    /** One line a row, each column as wide as its widest cell. */
    public static List<String> align(final List<String[]> rows)
    {
        final int[] widths = new int[rows.get(0).length];
        for (final String[] row : rows)
        {
            for (int i = 0; i < widths.length; i++)
            {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        final List<String> lines = new ArrayList<>();
        for (final String[] row : rows)
        {
            final StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++)
            {
                line.append(0 == i ? "" : GAP).append(row[i]).append(" ".repeat(widths[i] - row[i].length()));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
