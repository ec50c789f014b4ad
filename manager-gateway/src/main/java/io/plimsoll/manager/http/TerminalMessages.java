package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.plimsoll.manager.link.TerminalStreams;
import io.plimsoll.manager.view.TerminalSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads what clients of terminals say in text frames: an object with a type. Stateless. */
final class TerminalMessages
{
    private static final List<String> FIELDS =
        List.of("type", "command", "env", "cwd", "user", "tty", "stdin", "rows", "columns");
    private static final int ARGUMENTS_MAX = 4096;
    private static final int VARIABLES_MAX = 512;
    private static final int PATH_LENGTH_MAX = 4096;
    private static final int SIZE_MAX = 10_000;
    private static final int ROWS = 24;
    private static final int COLUMNS = 80;

    private TerminalMessages()
    {
    }

    /** Reads one; throws a problem that says what would be right. */
    static Message parse(final byte[] text)
    {
        final Message message = new Message();
        CancelParser.object(text, (field, parser) ->
        {
            switch (field)
            {
                case "type" -> message.type = FieldReader.text(parser, PATH_LENGTH_MAX, "a type");
                case "command" -> message.command = FieldReader.texts(
                    parser, ARGUMENTS_MAX, TerminalStreams.REQUEST_LENGTH_MAX, "a program and its arguments");
                case "env" -> FieldReader.textMap(parser, VARIABLES_MAX, TerminalStreams.REQUEST_LENGTH_MAX)
                    .forEach((name, value) -> message.variables.add(name + '=' + value));
                case "cwd" -> message.directory = FieldReader.text(parser, PATH_LENGTH_MAX, "a directory");
                case "user" -> message.user = FieldReader.text(parser, PATH_LENGTH_MAX, "a user");
                case "tty" -> message.tty = flag(parser);
                case "stdin" -> message.input = flag(parser);
                case "rows" -> message.rows = size(parser);
                case "columns" -> message.columns = size(parser);
                default -> throw CancelParser.unknown(field, parser, FIELDS);
            }
        });
        return message;
    }

    private static boolean flag(final JsonParser parser) throws IOException
    {
        if (JsonToken.VALUE_TRUE != parser.currentToken() && JsonToken.VALUE_FALSE != parser.currentToken())
        {
            throw FieldReader.wrongType(parser, "true or false");
        }
        return JsonToken.VALUE_TRUE == parser.currentToken();
    }

    private static int size(final JsonParser parser) throws IOException
    {
        return (int)FieldReader.integer(parser, 1, SIZE_MAX, "a number from 1 to " + SIZE_MAX);
    }

    /** What was said; fields that were not are as by default. */
    static final class Message
    {
        String type = "";
        List<String> command = List.of();
        final List<String> variables = new ArrayList<>();
        String directory = "";
        String user = "";
        boolean tty;
        boolean input;
        int rows = ROWS;
        int columns = COLUMNS;

        TerminalSource.Request request()
        {
            final TerminalSource.Request request =
                new TerminalSource.Request(command, variables, directory, user, tty, input, rows, columns);
            if (command.isEmpty() || command.get(0).isEmpty())
            {
                throw new Problem(400, "missing-field", "/command: missing; say what to run, such as [\"sh\"]")
                    .asException();
            }
            if (TerminalStreams.lengthOf(request) > TerminalStreams.REQUEST_LENGTH_MAX)
            {
                throw new Problem(
                    400, "out-of-range", "/command: it and env are longer together than " +
                    TerminalStreams.REQUEST_LENGTH_MAX + " bytes").asException();
            }
            return request;
        }
    }
}
