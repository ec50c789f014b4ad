package io.plimsoll.loadtest.page;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers as results tell them. Stateless. */
public final class JsonNumbers
{
    private static final MathContext DIGITS = new MathContext(6);

    private JsonNumbers()
    {
    }

    /** Six digits; null for what is no number. */
    public static void write(final JsonGenerator json, final String field, final double value) throws IOException
    {
        json.writeFieldName(field);
        if (Double.isFinite(value))
        {
            json.writeNumber(new BigDecimal(value, DIGITS).stripTrailingZeros().toPlainString());
        }
        else
        {
            json.writeNull();
        }
    }
}
