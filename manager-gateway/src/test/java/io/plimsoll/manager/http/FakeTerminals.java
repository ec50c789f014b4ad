package io.plimsoll.manager.http;

import io.plimsoll.manager.view.TerminalSource;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Terminals that a test speaks for. Any thread. */
final class FakeTerminals implements TerminalSource
{
    final List<FakeTerminal> open = new CopyOnWriteArrayList<>();

    @Override
    public Stream open(
        final long kernelId,
        final int attempt,
        final Request request,
        final int creditBytes,
        final Listener listener)
    {
        final FakeTerminal terminal = new FakeTerminal(request, listener);
        open.add(terminal);
        return terminal;
    }

    static final class FakeTerminal implements Stream
    {
        final Request request;
        final Listener listener;
        final List<String> told = new CopyOnWriteArrayList<>();
        final AtomicLong requested = new AtomicLong();

        FakeTerminal(final Request request, final Listener listener)
        {
            this.request = request;
            this.listener = listener;
        }

        @Override
        public void request(final boolean stderr, final int bytes)
        {
            requested.addAndGet(bytes);
            told.add("request " + bytes);
        }

        @Override
        public boolean input(final byte[] content, final boolean last)
        {
            told.add("input " + new String(content, StandardCharsets.UTF_8) + " " + last);
            return content.length < 100;
        }

        @Override
        public void size(final int rows, final int columns)
        {
            told.add("size " + rows + "x" + columns);
        }

        @Override
        public void close()
        {
            told.add("close");
        }
    }
}
