package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.regex.Pattern;

/** What domains, projects and users may be called: safe in a path, in a file name and in a table. Stateless. */
final class Names
{
    static final int LENGTH_MAX = 40;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@+-]{0,39}");
    private static final String RIGHT =
        "a name of 1 to " + LENGTH_MAX + " letters, digits and ._@+-, that begins with a letter or digit";

    private Names()
    {
    }

    /** Reads one; the parser stands on it. */
    static String read(final JsonParser parser) throws IOException
    {
        final String name = FieldReader.text(parser, LENGTH_MAX, RIGHT);
        if (!NAME.matcher(name).matches())
        {
            throw FieldReader.outOfRange(parser, RIGHT);
        }
        return name;
    }
}
