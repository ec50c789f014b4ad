package io.plimsoll.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ScreenTailTest
{
    private final ScreenTail tail = new ScreenTail();
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    private void log(final String entry)
    {
        kept.writeBytes(tail.ofLog(("TIME " + entry).getBytes(StandardCharsets.ISO_8859_1), "TIME ".length()));
    }

    private void show(final String chunk)
    {
        kept.writeBytes(tail.ofScreen(chunk.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private void assertKept(final String text)
    {
        assertEquals(text, kept.toString(StandardCharsets.ISO_8859_1));
    }

    @Test
    void shouldKeepLogAloneWhileNobodyIsAttached()
    {
        log("one\n");
        log("two\n");
        assertKept("one\ntwo\n");
        assertEquals(0, tail.aheadLength());
    }

    @Test
    void shouldKeepWhatIsShownBeforeItsLineHasEnded()
    {
        tail.live(true);
        show("$ l");
        assertKept("$ l");
        assertEquals(3, tail.aheadLength());
        log("$ ls\r\n");
        show("s\r\nfile\r\n$ ");
        log("file\r\n");
        assertKept("$ ls\r\nfile\r\n$ ");
        assertEquals(2, tail.aheadLength());
    }

    @Test
    void shouldKeepEachByteOnceWhicheverWayIsFaster()
    {
        final SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 200; round++)
        {
            final ScreenTail fresh = new ScreenTail();
            fresh.live(true);
            final byte[] text = new byte[random.nextInt(400)];
            for (int i = 0; i < text.length; i++)
            {
                text[i] = (byte)(0 == random.nextInt(5) ? '\n' : 'a' + random.nextInt(2));
            }
            final ByteArrayOutputStream both = new ByteArrayOutputStream();
            int shown = 0;
            int logged = 0;
            while (shown < text.length || logged < text.length)
            {
                if (random.nextBoolean() && shown < text.length)
                {
                    final int next = Math.min(text.length, shown + 1 + random.nextInt(9));
                    both.writeBytes(fresh.ofScreen(Arrays.copyOfRange(text, shown, next)));
                    shown = next;
                }
                else if (logged < text.length)
                {
                    int next = logged;
                    while (next < text.length && '\n' != text[next])
                    {
                        next++;
                    }
                    next = Math.min(text.length, next + 1);
                    both.writeBytes(fresh.ofLog(Arrays.copyOfRange(text, logged, next), 0));
                    logged = next;
                }
            }
            assertEquals(
                new String(text, StandardCharsets.US_ASCII), both.toString(StandardCharsets.US_ASCII), "" + round);
            assertEquals(0, fresh.aheadLength());
        }
    }

    @Test
    void shouldTakeWhatTheEngineWritesForBytesThatAreNoTextAsThose()
    {
        tail.live(true);
        show("a\377\200b\n");
        log("a\357\277\275\357\277\275b\n");
        assertKept("a\377\200b\n");
        assertEquals(0, tail.aheadLength());
        log("c\357\277\275d\n");
        show("c\377d\n");
        assertKept("a\377\200b\nc\357\277\275d\n");
        show("e");
        assertEquals(1, tail.aheadLength());
    }

    @Test
    void shouldKeepWholeLineOfWhichTheBeginningWasNotSeen()
    {
        tail.live(true);
        show("ess 80%\r\nnext");
        log("progress 40%\rprogress 80%\r\n");
        assertKept("ess 80%\r\nnextprogress 40%\rprogress 80%\r\n");
        assertEquals(4, tail.aheadLength());
        log("next\n");
        assertKept("ess 80%\r\nnextprogress 40%\rprogress 80%\r\n\n");
    }

    @Test
    void shouldGoOnWhereAnEngineHasLostTheBeginningOfALine()
    {
        tail.reset("$ ".getBytes(StandardCharsets.US_ASCII));
        tail.live(true);
        final byte[] entry = "ls\r\n".getBytes(StandardCharsets.US_ASCII);
        assertTrue(tail.isHalf(entry, 0));
        show("ls\r\nfile");
        assertFalse(tail.isHalf(entry, 0));
        log("ls\r\n");
        log("file\r\n");
        assertKept("ls\r\nfile\r\n");
    }

    @Test
    void shouldNotPutALineOfTheLogIntoTheMiddleOfOneThatIsShown()
    {
        tail.live(true);
        show("four\nfi");
        final byte[] entry = "three\n".getBytes(StandardCharsets.US_ASCII);
        assertTrue(tail.isHalf(entry, 0));
        show("ve\n");
        assertFalse(tail.isHalf(entry, 0));
        log("three\n");
        log("four\n");
        log("five\n");
        assertKept("four\nfive\nthree\n");
    }

    @Test
    void shouldKeepLinesThatOnlyTheLogHasAndFindWhatWasShownAgain()
    {
        tail.live(true);
        show("three\nfour\n");
        log("one\n");
        log("two\n");
        log("three\n");
        log("four\n");
        assertKept("three\nfour\none\ntwo\n");
        assertEquals(0, tail.aheadLength());
    }

    @Test
    void shouldFindItsWayBackWhenALineWasKeptTwice()
    {
        tail.live(true);
        show("x");
        log("another\n");
        show("yz\n");
        show("next\nlast\n");
        log("next\n");
        log("last\n");
        assertKept("xanother\nyz\nnext\nlast\n");
        assertEquals(0, tail.aheadLength());
    }

    @Test
    void shouldNotKeepTheRestOfALineOnceMoreThatTheLogHadWholeBefore()
    {
        tail.live(true);
        log("abc\n");
        show("c\n");
        show("d");
        assertKept("abc\nd");
    }
}
