package io.plimsoll.ops.cli;

import java.io.IOException;
import java.util.EnumSet;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.TerminalBuilder;

/**
 * The terminal that this process runs in, taken over: keys come as they are pressed. It is given back when this is
 * closed, and however else the process ends, except by SIGKILL.
 */
final class LocalScreen implements AutoCloseable
{
    private final org.jline.terminal.Terminal terminal;
    private final Attributes before;
    private final Thread hook = new Thread(this::restore, "give-terminal-back");

    private LocalScreen(final org.jline.terminal.Terminal terminal)
    {
        this.terminal = terminal;
        before = terminal.getAttributes();
    }

    /**
     * Takes it over.
     *
     * @param whole    also what is written goes out as it is; else only keys are taken.
     * @param onResize told when it has another size.
     */
    static LocalScreen take(final boolean whole, final Runnable onResize)
    {
        final LocalScreen screen;
        try
        {
            screen = new LocalScreen(TerminalBuilder.builder()
                .system(true)
                .systemOutput(TerminalBuilder.SystemOutput.SysOutOrSysErr)
                .dumb(false)
                .build());
        }
        catch (final IOException | IllegalStateException ex)
        {
            throw new CliException(
                ExitCode.USAGE, "-t needs a terminal, and there is none (" + ex.getMessage() + "); leave it out");
        }
        Runtime.getRuntime().addShutdownHook(screen.hook);
        screen.terminal.handle(org.jline.terminal.Terminal.Signal.WINCH, signal -> onResize.run());
        final Attributes raw = new Attributes(screen.before);
        raw.setLocalFlags(
            EnumSet.of(
                Attributes.LocalFlag.ECHO, Attributes.LocalFlag.ECHONL, Attributes.LocalFlag.ICANON,
                Attributes.LocalFlag.ISIG, Attributes.LocalFlag.IEXTEN),
            false);
        raw.setInputFlags(
            EnumSet.of(
                Attributes.InputFlag.IGNBRK, Attributes.InputFlag.BRKINT, Attributes.InputFlag.PARMRK,
                Attributes.InputFlag.ISTRIP, Attributes.InputFlag.INLCR, Attributes.InputFlag.IGNCR,
                Attributes.InputFlag.ICRNL, Attributes.InputFlag.IXON),
            false);
        if (whole)
        {
            raw.setOutputFlag(Attributes.OutputFlag.OPOST, false);
        }
        raw.setControlChar(Attributes.ControlChar.VMIN, 1);
        raw.setControlChar(Attributes.ControlChar.VTIME, 0);
        screen.terminal.setAttributes(raw);
        return screen;
    }

    /** Lines are typed again as they were before; Ctrl-C does what is said here. */
    void giveLinesBack(final Runnable onInterrupt)
    {
        restore();
        terminal.handle(org.jline.terminal.Terminal.Signal.INT, signal -> onInterrupt.run());
    }

    Size size()
    {
        return terminal.getSize();
    }

    private void restore()
    {
        terminal.setAttributes(before);
    }

    @Override
    public void close()
    {
        restore();
        try
        {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        catch (final IllegalStateException ex)
        {
            // The process is ending, and the hook has run.
            return;
        }
    }
}
