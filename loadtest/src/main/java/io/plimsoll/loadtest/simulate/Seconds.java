package io.plimsoll.loadtest.simulate;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Times for readers: seconds, to the microsecond. */
public final class Seconds
{
    private static final int NANOS = 9;
    private static final int MICROS = 6;

    private Seconds()
    {
    }

    /** Plain decimal number of seconds, without trailing zeros. */
    public static BigDecimal of(final long ns)
    {
        final BigDecimal seconds =
            BigDecimal.valueOf(ns, NANOS).setScale(MICROS, RoundingMode.HALF_UP).stripTrailingZeros();
        return seconds.scale() < 0 ? seconds.setScale(0) : seconds;
    }

    /** The same as text. */
    public static String text(final long ns)
    {
        return of(ns).toPlainString();
    }
}
