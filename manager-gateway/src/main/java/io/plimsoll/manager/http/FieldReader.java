package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.plimsoll.transport.Amounts;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Reads the value that a parser stands on, and says where it is, what it is and what would be right when it is of the
 * wrong kind. Stateless.
 */
final class FieldReader
{
    private static final int SHOWN_LENGTH_MAX = 60;
    private static final int TEXT_AMOUNT_LENGTH_MAX = 64;
    private static final int SCALE_MAX = 40;
    private static final int LIST_MAX = 64;
    private static final long THOUSANDTHS_MAX = 1_000_000_000_000L;
    private static final long NS_PER_S = 1_000_000_000L;

    private FieldReader()
    {
    }

    static String text(final JsonParser parser, final int lengthMax, final String right) throws IOException
    {
        if (JsonToken.VALUE_STRING != parser.currentToken())
        {
            throw wrongType(parser, right);
        }
        final String text = parser.getText();
        if (text.length() > lengthMax || !isWhole(text))
        {
            throw outOfRange(
                parser, right + ", at most " + lengthMax + " characters, none of them NUL or half a surrogate pair");
        }
        return text;
    }

    /** Escapes can spell what UTF-8 cannot and what no program can be given. */
    private static boolean isWhole(final String text)
    {
        for (int i = 0; i < text.length(); i++)
        {
            final char c = text.charAt(i);
            if ('\0' == c || Character.isLowSurrogate(c))
            {
                return false;
            }
            if (Character.isHighSurrogate(c))
            {
                i++;
                if (i == text.length() || !Character.isLowSurrogate(text.charAt(i)))
                {
                    return false;
                }
            }
        }
        return true;
    }

    static long integer(final JsonParser parser, final long min, final long max, final String right) throws IOException
    {
        if (JsonToken.VALUE_NUMBER_INT != parser.currentToken())
        {
            throw wrongType(parser, right);
        }
        final JsonParser.NumberType type = parser.getNumberType();
        final boolean fits = JsonParser.NumberType.INT == type || JsonParser.NumberType.LONG == type;
        if (!fits || parser.getLongValue() < min || parser.getLongValue() > max)
        {
            throw outOfRange(parser, right);
        }
        return parser.getLongValue();
    }

    static long cpuMillis(final JsonParser parser) throws IOException
    {
        if (isPlainInt(parser))
        {
            return 1_000L * parser.getIntValue();
        }
        return positive(
            parser, amount(parser, "", Amounts::cpuMillis, "a number of cores, such as 2, 0.5 or \"500m\""));
    }

    static long bytes(final JsonParser parser) throws IOException
    {
        if (isPlainInt(parser))
        {
            return parser.getIntValue();
        }
        return positive(parser, amount(parser, "", Amounts::bytes, "a size, such as \"512m\", \"1g\" or bytes"));
    }

    /** A size that may be 0. */
    static long bytesOrNone(final JsonParser parser) throws IOException
    {
        return amount(parser, "", Amounts::bytes, "a size, such as \"512m\", \"1g\" or bytes");
    }

    static long count(final JsonParser parser) throws IOException
    {
        return amount(parser, "", Amounts::count, "a whole number, 0 or more");
    }

    /** See {@link Amounts#ofSlot}. */
    static long ofSlot(final String slot, final JsonParser parser) throws IOException
    {
        return amount(parser, "", text -> Amounts.ofSlot(slot, text), "a whole number, 0 or more");
    }

    /** Thousandths of a number with at most three decimals, 0 or more. */
    static long thousandths(final JsonParser parser) throws IOException
    {
        final String right = "a number with at most three decimals, such as 1 or 0.25";
        return amount(parser, "", text -> thousandths(text, right), right);
    }

    private static long thousandths(final String text, final String right)
    {
        try
        {
            final long thousandths = new BigDecimal(text).movePointRight(3).longValueExact();
            if (thousandths >= 0 && thousandths <= THOUSANDTHS_MAX)
            {
                return thousandths;
            }
        }
        catch (final NumberFormatException ex)
        {
            throw new IllegalArgumentException("given \"" + text + "\"; right is " + right, ex);
        }
        catch (final ArithmeticException ex)
        {
            throw new IllegalArgumentException("given " + text + "; right is " + right, ex);
        }
        throw new IllegalArgumentException("given " + text + "; right is " + right);
    }

    /** What a scalar says, whatever its kind; a list of texts with commas between them. */
    static String scalar(final JsonParser parser, final int lengthMax, final String right) throws IOException
    {
        return switch (parser.currentToken())
        {
            case VALUE_TRUE -> "true";
            case VALUE_FALSE -> "false";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> plain(parser, right);
            case START_ARRAY -> String.join(",", texts(parser, LIST_MAX, lengthMax, right));
            default -> text(parser, lengthMax, right);
        };
    }

    /** A number without a unit counts as seconds. */
    static long durationNs(final JsonParser parser) throws IOException
    {
        if (isPlainInt(parser))
        {
            return NS_PER_S * parser.getIntValue();
        }
        return amount(
            parser, "s", Amounts::durationNs, "a duration such as \"90s\", \"1h30m\", or a number of seconds");
    }

    private static long amount(
        final JsonParser parser, final String unitOfNumbers, final ToLongFunction<String> reading, final String right)
        throws IOException
    {
        final String text = isNumber(parser) ?
            plain(parser, right) + unitOfNumbers : text(parser, TEXT_AMOUNT_LENGTH_MAX, right);
        try
        {
            return reading.applyAsLong(text);
        }
        catch (final IllegalArgumentException ex)
        {
            throw problem("out-of-range", parser, ex.getMessage());
        }
    }

    private static String plain(final JsonParser parser, final String right) throws IOException
    {
        if (JsonToken.VALUE_NUMBER_INT == parser.currentToken())
        {
            return parser.getText();
        }
        final BigDecimal number = parser.getDecimalValue();
        // Writing out 1e999999999 would take the whole machine.
        if (Math.abs(number.scale()) > SCALE_MAX)
        {
            throw outOfRange(parser, right);
        }
        return number.toPlainString();
    }

    /** Above 0 and small: the everyday case, read without the detour over decimal text. */
    private static boolean isPlainInt(final JsonParser parser) throws IOException
    {
        return JsonToken.VALUE_NUMBER_INT == parser.currentToken() &&
            JsonParser.NumberType.INT == parser.getNumberType() && parser.getIntValue() > 0;
    }

    private static boolean isNumber(final JsonParser parser)
    {
        final JsonToken token = parser.currentToken();
        return JsonToken.VALUE_NUMBER_INT == token || JsonToken.VALUE_NUMBER_FLOAT == token;
    }

    static List<String> texts(final JsonParser parser, final int countMax, final int lengthMax, final String right)
        throws IOException
    {
        if (JsonToken.START_ARRAY != parser.currentToken())
        {
            throw wrongType(parser, right);
        }
        final List<String> texts = new ArrayList<>();
        while (JsonToken.END_ARRAY != parser.nextToken())
        {
            texts.add(text(parser, lengthMax, "text"));
            if (texts.size() > countMax)
            {
                throw outOfRange(parser, "at most " + countMax + " elements");
            }
        }
        return texts;
    }

    static Map<String, String> textMap(final JsonParser parser, final int countMax, final int lengthMax)
        throws IOException
    {
        final String right = "an object of texts, such as {\"NAME\": \"value\"}";
        expectObject(parser, right);
        final Map<String, String> map = new LinkedHashMap<>();
        while (JsonToken.END_OBJECT != parser.nextToken())
        {
            final String name = parser.currentName();
            parser.nextToken();
            if (name.isEmpty() || name.indexOf('=') >= 0 || !isWhole(name))
            {
                throw outOfRange(parser, "a variable name that is not empty and holds neither = nor NUL");
            }
            if (null != map.put(name, text(parser, lengthMax, "text")))
            {
                throw duplicate(parser);
            }
            if (map.size() > countMax)
            {
                throw outOfRange(parser, "at most " + countMax + " entries");
            }
        }
        return map;
    }

    static void expectObject(final JsonParser parser, final String right) throws IOException
    {
        if (JsonToken.START_OBJECT != parser.currentToken())
        {
            throw wrongType(parser, right);
        }
    }

    static ProblemException wrongType(final JsonParser parser, final String right) throws IOException
    {
        return problem("wrong-type", parser, "given " + shown(parser) + "; right is " + right);
    }

    static ProblemException outOfRange(final JsonParser parser, final String right) throws IOException
    {
        return problem("out-of-range", parser, "given " + shown(parser) + "; right is " + right);
    }

    static ProblemException duplicate(final JsonParser parser)
    {
        return problem("duplicate-field", parser, "given twice; give it once");
    }

    /** A problem at the place where the parser stands. */
    static ProblemException problem(final String code, final JsonParser parser, final String what)
    {
        final String pointer = parser.getParsingContext().pathAsPointer().toString();
        return new Problem(400, code, (pointer.isEmpty() ? "the body" : pointer) + ": " + what)
            .field(pointer)
            .asException();
    }

    private static long positive(final JsonParser parser, final long amount)
    {
        if (0 == amount)
        {
            throw problem("out-of-range", parser, "given 0; right is more than 0");
        }
        return amount;
    }

    private static String shown(final JsonParser parser) throws IOException
    {
        return switch (parser.currentToken())
        {
            case VALUE_STRING -> "\"" + cut(parser.getText()) + "\" (text)";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> cut(parser.getText());
            case VALUE_TRUE -> "true";
            case VALUE_FALSE -> "false";
            case VALUE_NULL -> "null";
            case START_ARRAY, END_ARRAY -> "an array";
            default -> "an object";
        };
    }

    private static String cut(final String text)
    {
        return text.length() <= SHOWN_LENGTH_MAX ? text : text.substring(0, SHOWN_LENGTH_MAX) + "…";
    }
}
