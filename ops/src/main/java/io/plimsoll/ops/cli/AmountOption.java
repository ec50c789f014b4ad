package io.plimsoll.ops.cli;

import io.plimsoll.transport.Amounts;
import java.util.function.ToLongFunction;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Options with an amount: a mistyped one is answered at once, the manager gets the text of a right one. */
abstract class AmountOption implements ITypeConverter<String>
{
    private final ToLongFunction<String> reader;

    private AmountOption(final ToLongFunction<String> reader)
    {
        this.reader = reader;
    }

    @Override
    public final String convert(final String text)
    {
        try
        {
            reader.applyAsLong(text);
            return text;
        }
        catch (final IllegalArgumentException ex)
        {
            throw new TypeConversionException(ex.getMessage());
        }
    }

    /** Such as {@code 2}, {@code 0.5}, {@code 500m}. */
    static final class Cpu extends AmountOption
    {
        Cpu()
        {
            super(Amounts::cpuMillis);
        }
    }

    /** Such as {@code 512m}, {@code 2g}. */
    static final class Size extends AmountOption
    {
        Size()
        {
            super(Amounts::bytes);
        }
    }

    /** Such as {@code 90s}, {@code 1h30m}. */
    static final class Duration extends AmountOption
    {
        Duration()
        {
            super(Amounts::durationNs);
        }
    }
}
