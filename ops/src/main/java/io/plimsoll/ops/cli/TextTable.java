package io.plimsoll.ops.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Columns as wide as their widest cell, numbers to the right, nothing cut off: it is read by people and by awk. */
public final class TextTable
{
    private static final String GAP = "  ";

    private final List<String[]> rows = new ArrayList<>();
    private final String[] headings;
    private final boolean[] right;

    /**
     * An empty table.
     *
     * @param headings of the columns; a leading {@code >} aligns its column to the right.
     */
    public TextTable(final String... headings)
    {
        this.headings = new String[headings.length];
        this.right = new boolean[headings.length];
        for (int i = 0; i < headings.length; i++)
        {
            right[i] = headings[i].startsWith(">");
            this.headings[i] = right[i] ? headings[i].substring(1) : headings[i];
        }
    }

    /** Adds a row; an empty cell shows as a dash, so that every row has as many words as there are columns. */
    public void row(final String... cells)
    {
        final String[] row = new String[headings.length];
        for (int i = 0; i < row.length; i++)
        {
            final String cell = i < cells.length && null != cells[i] ? PlainText.line(cells[i].strip()) : "";
            row[i] = cell.isEmpty() ? "-" : cell;
        }
        rows.add(row);
    }

    public boolean isEmpty()
    {
        return rows.isEmpty();
    }

    /** Prints headings and rows. */
    public void print(final PrintStream out)
    {
        final int[] widths = new int[headings.length];
        measure(headings, widths);
        for (final String[] row : rows)
        {
            measure(row, widths);
        }
        out.println(line(headings, widths));
        for (final String[] row : rows)
        {
            out.println(line(row, widths));
        }
    }

    private static void measure(final String[] cells, final int[] widths)
    {
        for (int i = 0; i < cells.length; i++)
        {
            widths[i] = Math.max(widths[i], cells[i].length());
        }
    }

    private String line(final String[] cells, final int[] widths)
    {
        final StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.length; i++)
        {
            final String padding = " ".repeat(widths[i] - cells[i].length());
            line.append(0 == i ? "" : GAP);
            line.append(right[i] ? padding + cells[i] : cells[i] + padding);
        }
        return line.toString().stripTrailing();
    }
}
