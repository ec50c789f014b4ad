package io.plimsoll.agent.usage;

import java.nio.file.Path;
import java.util.function.Predicate;

/** What interfaces have carried, as {@code net/dev} has it. */
record NetworkCounters(long receivedBytes, long sentBytes)
{
    private static final int SENT = 8;

    /**
     * Adds up interfaces; none at all have carried nothing.
     *
     * @param file   of that form.
     * @param wanted by name.
     */
    static NetworkCounters read(final Path file, final Predicate<String> wanted)
    {
        long received = 0;
        long sent = 0;
        for (final String line : SystemFiles.lines(file))
        {
            final int colon = line.indexOf(':');
            if (colon > 0 && wanted.test(line.substring(0, colon).strip()))
            {
                final String[] fields = line.substring(colon + 1).strip().split("\\s+");
                if (fields.length > SENT)
                {
                    received += Math.max(0, SystemFiles.number(fields[0]));
                    sent += Math.max(0, SystemFiles.number(fields[SENT]));
                }
            }
        }
        return new NetworkCounters(received, sent);
    }
}
