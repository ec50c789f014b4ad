package io.plimsoll.bench.harness;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Draws plots side by side as one SVG. A charting library would bring AWT and fonts into the distribution for the sake
 * of a few lines, and a headless Java runtime may have neither. Equal plots give equal bytes, so that a change of a
 * committed drawing is a change of figures.
 */
public final class SvgPlot
{
    private static final double PANEL_WIDTH = 470;
    private static final double LEFT = 64;
    private static final double RIGHT = 18;
    private static final double TOP = 40;
    private static final double HEIGHT = 270;
    private static final double LEGEND_TOP = 56;
    private static final double LEGEND_LINE = 18;
    /** Told apart by those who see colours differently, too (Okabe and Ito). */
    private static final List<String> COLOURS =
        List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#555555", "#e69f00", "#56b4e9");

    private final StringBuilder svg = new StringBuilder(8192);

    private SvgPlot()
    {
    }

    /**
     * Draws.
     *
     * @param plots from left to right.
     * @return an SVG document.
     */
    public static String render(final List<Plot> plots)
    {
        return new SvgPlot().document(plots);
    }

    private String document(final List<Plot> plots)
    {
        final int curves = plots.stream().mapToInt(plot -> plot.curves().size()).max().orElse(0);
        final double width = PANEL_WIDTH * plots.size();
        final double height = TOP + HEIGHT + LEGEND_TOP + LEGEND_LINE * ((curves + 1) / 2);
        add("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" " +
            "font-family=\"sans-serif\" font-size=\"12\" fill=\"#222222\">%n", width, height, width, height);
        add("<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>%n");
        for (int i = 0; i < plots.size(); i++)
        {
            add("<g transform=\"translate(%.0f,0)\">%n", i * PANEL_WIDTH);
            panel(plots.get(i));
            add("</g>%n");
        }
        return svg.append("</svg>\n").toString();
    }

    private void panel(final Plot plot)
    {
        final Axis x = axis(plot, Plot.Point::x, LEFT, PANEL_WIDTH - RIGHT);
        final Axis y = axis(plot, Plot.Point::y, TOP + HEIGHT, TOP);
        text(LEFT, TOP - 16, "start", plot.title(), " font-size=\"14\" font-weight=\"bold\"");
        for (int power = x.lowest(); power <= x.highest(); power++)
        {
            final double at = x.at(Math.pow(10, power));
            line(at, y.from(), at, y.to());
            text(at, TOP + HEIGHT + 17, "middle", number(power), "");
        }
        for (int power = y.lowest(); power <= y.highest(); power++)
        {
            final double at = y.at(Math.pow(10, power));
            line(x.from(), at, x.to(), at);
            text(LEFT - 6, at + 4, "end", number(power), "");
        }
        text((x.from() + x.to()) / 2, TOP + HEIGHT + 34, "middle", plot.xLabel(), "");
        add("<g transform=\"translate(14,%.1f) rotate(-90)\">", TOP + HEIGHT / 2);
        text(0, 0, "middle", plot.yLabel(), "");
        add("</g>%n");
        for (int i = 0; i < plot.curves().size(); i++)
        {
            curve(plot.curves().get(i), COLOURS.get(i % COLOURS.size()), x, y);
            legend(plot.curves().get(i), COLOURS.get(i % COLOURS.size()), i);
        }
    }

    private void curve(final Plot.Curve curve, final String colour, final Axis x, final Axis y)
    {
        final StringBuilder points = new StringBuilder();
        for (final Plot.Point point : curve.points())
        {
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x.at(point.x()), y.at(point.y())));
        }
        add("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s/>%n",
            points.toString().strip(), colour, dashes(curve));
        for (final Plot.Point point : curve.points())
        {
            add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"><title>%s: %,.0f at %,.0f</title></circle>%n",
                x.at(point.x()), y.at(point.y()), colour, escaped(curve.name()), point.y(), point.x());
        }
    }

    private void legend(final Plot.Curve curve, final String colour, final int index)
    {
        final double left = LEFT + index % 2 * (PANEL_WIDTH - LEFT - RIGHT) / 2;
        final double top = TOP + HEIGHT + LEGEND_TOP + index / 2 * LEGEND_LINE;
        add("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"2\"%s/>%n",
            left, top - 4, left + 24, top - 4, colour, dashes(curve));
        text(left + 30, top, "start", curve.name(), "");
    }

    private void line(final double fromX, final double fromY, final double toX, final double toY)
    {
        add("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>%n", fromX, fromY, toX, toY);
    }

    private void text(
        final double x, final double y, final String anchor, final String text, final String attributes)
    {
        add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>%s</text>%n", x, y, anchor, attributes, escaped(text));
    }

    private void add(final String format, final Object... values)
    {
        svg.append(String.format(Locale.ROOT, format.replace("%n", "\n"), values));
    }

    private static Axis axis(
        final Plot plot, final ToDoubleFunction<Plot.Point> value, final double from, final double to)
    {
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        for (final Plot.Curve curve : plot.curves())
        {
            for (final Plot.Point point : curve.points())
            {
                least = Math.min(least, value.applyAsDouble(point));
                most = Math.max(most, value.applyAsDouble(point));
            }
        }
        final int lowest = (int)Math.floor(Math.log10(least));
        return new Axis(lowest, Math.max(lowest + 1, (int)Math.ceil(Math.log10(most))), from, to);
    }

    private static String dashes(final Plot.Curve curve)
    {
        return curve.dashed() ? " stroke-dasharray=\"6 4\"" : "";
    }

    private static String number(final int power)
    {
        return String.format(Locale.ROOT, "%,.0f", Math.pow(10, power));
    }

    private static String escaped(final String text)
    {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /**
     * Powers of ten, evenly spaced.
     *
     * @param lowest  power.
     * @param highest power.
     * @param from    where the lowest is.
     * @param to      where the highest is.
     */
    private record Axis(int lowest, int highest, double from, double to)
    {
        double at(final double value)
        {
            return from + (Math.log10(value) - lowest) / (highest - lowest) * (to - from);
        }
    }
}
