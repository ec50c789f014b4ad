package io.plimsoll.ops.server;

import java.util.ArrayList;
import java.util.List;

/** Commands of a fenced block of a page, as far as a shell's quotes, pipes, continued lines and comments go. */
final class ShellBlock
{
    private final List<Command> commands = new ArrayList<>();
    private final String text;
    private int at;

    private ShellBlock(final String text)
    {
        this.text = text;
    }

    static List<Command> commands(final String text)
    {
        final ShellBlock block = new ShellBlock(text);
        block.read();
        return block.commands;
    }

    private void read()
    {
        List<String> words = new ArrayList<>();
        while (at < text.length())
        {
            final char c = text.charAt(at);
            if ('\n' == c)
            {
                at++;
                words = "|".equals(last(words)) ? words : ended(words);
            }
            else if (Character.isWhitespace(c))
            {
                at++;
            }
            else if ('\\' == c && text.startsWith("\n", at + 1))
            {
                at += 2;
            }
            else if ('#' == c)
            {
                final String comment = comment();
                if (words.isEmpty() && !commands.isEmpty() && comment.startsWith("{"))
                {
                    commands.get(commands.size() - 1).answers().add(comment);
                }
            }
            else
            {
                words.add(word());
            }
        }
        ended(words);
    }

    private static String last(final List<String> words)
    {
        return words.isEmpty() ? "" : words.get(words.size() - 1);
    }

    private List<String> ended(final List<String> words)
    {
        if (!words.isEmpty())
        {
            commands.add(new Command(List.copyOf(words), new ArrayList<>()));
        }
        return new ArrayList<>();
    }

    private String comment()
    {
        final int found = text.indexOf('\n', at);
        final int end = found < 0 ? text.length() : found;
        final String comment = text.substring(at + 1, end).strip();
        at = end;
        return comment;
    }

    private String word()
    {
        final StringBuilder word = new StringBuilder();
        while (at < text.length() && !Character.isWhitespace(text.charAt(at)))
        {
            final char c = text.charAt(at++);
            if ('\'' == c || '"' == c)
            {
                final int end = text.indexOf(c, at);
                word.append(text, at, end);
                at = end + 1;
            }
            else
            {
                word.append(c);
            }
        }
        return word.toString();
    }

    /**
     * A command.
     *
     * @param words   of it, quotes taken away; a pipe is a word of its own.
     * @param answers that the page shows behind it, as comments with JSON.
     */
    record Command(List<String> words, List<String> answers)
    {
    }
}
