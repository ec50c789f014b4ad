package io.plimsoll.manager.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.manager.bed.ManagerBed;
import io.plimsoll.manager.bed.TestAgent;
import io.plimsoll.manager.control.SessionRequest;
import io.plimsoll.manager.view.IdRange;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.SessionNotes;
import io.plimsoll.transport.sbe.ReportKind;
import io.plimsoll.transport.sbe.ReportReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Callbacks out of a journal in memory, to receivers that the test plays. */
class CallbackStageTest
{
    private static final String ONE = "http://one.example.org/hook";
    private static final String OTHER = "http://other.example.org/hook";

    @TempDir
    private Path directory;
    private final ManagerBed bed = new ManagerBed();
    private final Receivers receivers = new Receivers();
    private TestAgent agent;

    @BeforeEach
    void start()
    {
        bed.callbacks = new CallbackPorts(
            new CallbackOptions(List.of(), List.of(), TimeUnit.HOURS.toNanos(2), 1),
            receivers,
            new CallbackSigner(owner -> new CallbackSigner.Key("manager", "secret")),
            new CallbackPosition(directory.resolve("callbacks.json")));
        bed.start();
        agent = bed.join("a");
    }

    @AfterEach
    void shouldNotHaveFailed()
    {
        assertNull(bed.fatal);
    }

    private static SessionRequest session(final String callback, final int count)
    {
        final SessionRequest plain = ManagerBed.session("s", 1, count, count > 1);
        final LaunchSpec spec = plain.spec().withNotes(new SessionNotes(0, 0, callback, null, 0));
        return new SessionRequest(
            plain.name(), plain.group(), plain.type(), 10, 1, count, count > 1, 1_000, 1 << 20, Map.of(), 0,
            plain.graceNs(), plain.onLoss(), List.of(), spec, plain.terms());
    }

    private void end(final int index)
    {
        agent.receive();
        final TestAgent.Assigned kernel = agent.assigned.get(index);
        agent.report(kernel, ReportKind.RUNNING, ReportReason.NONE, -1);
        agent.report(kernel, ReportKind.EXITED, ReportReason.COMPLETED, 0);
        bed.run();
    }

    /** Lets seconds pass, so that whoever is to be tried again is. */
    private void pass(final long seconds)
    {
        bed.pass(seconds, TimeUnit.SECONDS, agent);
    }

    private void restart()
    {
        bed.stages.callbacks().onClose();
        bed.start();
        bed.attach(agent);
    }

    @Test
    void shouldTellEachStateInOrderAndSigned()
    {
        bed.submit(session(null, 1));
        bed.submit(session(ONE, 1));
        bed.run();
        end(1);
        assertEquals(
            List.of("2 SCHEDULED", "2 RUNNING", "2 TERMINATED"), receivers.told.get(ONE), receivers.told.toString());
        final Sent last = receivers.sent.get(receivers.sent.size() - 1);
        assertTrue(last.body.contains("\"result\":\"success\",\"reason\":\"completed\""), last.body);
        final String signature = CallbackSigner.sign(
            "secret", Long.parseLong(last.headers.get(CallbackSigner.TIMESTAMP)),
            last.headers.get(CallbackSigner.ID), last.body.getBytes(StandardCharsets.UTF_8));
        assertEquals("key=manager, v1=" + signature, last.headers.get(CallbackSigner.SIGNATURE));
        assertTrue(last.body.startsWith("{\"id\":\"" + last.headers.get(CallbackSigner.ID) + "\""), last.body);
        final CallbackStatus status = bed.stages.callbacks().status(bed.view().session(2));
        assertEquals(new CallbackStatus(ONE, 0, "", 0, 0), status);
        assertNull(bed.stages.callbacks().status(bed.view().session(1)));
    }

    @Test
    void shouldTryAgainInOrderUntilItIsTaken()
    {
        receivers.answer(ONE, 503);
        receivers.answer(OTHER, 200);
        bed.submit(session(ONE, 1));
        bed.submit(session(OTHER, 1));
        bed.run();
        end(0);
        end(1);
        assertEquals(List.of("2 SCHEDULED", "2 RUNNING", "2 TERMINATED"), receivers.told.get(OTHER));
        assertEquals(1, receivers.attempts(ONE), "one that is down is left alone for a while");
        final CallbackStatus status = bed.stages.callbacks().status(bed.view().session(1));
        assertEquals(3, status.pending());
        assertEquals("answered 503", status.error());
        pass(60);
        final int attempts = receivers.attempts(ONE);
        assertTrue(attempts > 4 && attempts < 12, "doubles each time: " + attempts);
        receivers.answer(ONE, 204);
        pass(120);
        assertEquals(List.of("1 SCHEDULED", "1 RUNNING", "1 TERMINATED"), receivers.told.get(ONE));
        assertEquals(0, bed.stages.callbacks().status(bed.view().session(1)).pending());
    }

    @Test
    void shouldGiveUpAfterTheTimeAndSayThatItDid()
    {
        receivers.answer(ONE, 404);
        bed.submit(session(ONE, 1));
        bed.run();
        agent.receive();
        agent.report(agent.assigned.get(0), ReportKind.RUNNING, ReportReason.NONE, -1);
        bed.run();
        for (int minute = 0; minute < 130; minute++)
        {
            pass(60);
        }
        CallbackStatus status = bed.stages.callbacks().status(bed.view().session(1));
        assertEquals(0, status.pending());
        assertEquals(2, status.givenUp());
        assertEquals("answered 404", status.error());
        restart();
        status = bed.stages.callbacks().status(bed.view().session(1));
        assertEquals(2, status.givenUp(), "a restart does not hide it");
        assertEquals("answered 404", status.error());
    }

    @Test
    void shouldGoOnAfterARestartWhereItWasWithNoneMissing()
    {
        receivers.answer(ONE, 503);
        bed.submit(session(ONE, 1));
        bed.submit(session(OTHER, 1));
        bed.run();
        pass(2);
        restart();
        receivers.answer(ONE, 200);
        agent.receive();
        pass(10);
        assertEquals(List.of("1 SCHEDULED"), receivers.told.get(ONE));
        assertEquals(List.of("2 SCHEDULED"), receivers.told.get(OTHER), "what was taken is not told again");
    }

    @Test
    void shouldNotForgetWhatHappenedWhileItsPositionWasOld() throws IOException
    {
        bed.submit(session(OTHER, 1));
        bed.run();
        pass(2);
        final byte[] old = Files.readAllBytes(directory.resolve("callbacks.json"));
        end(0);
        bed.stages.callbacks().onClose();
        Files.write(directory.resolve("callbacks.json"), old);
        bed.start();
        bed.run();
        assertEquals(
            List.of("1 SCHEDULED", "1 RUNNING", "1 TERMINATED", "1 RUNNING", "1 TERMINATED"),
            receivers.told.get(OTHER), "at least once, with the same ids");
        assertEquals(3, receivers.ids.size());
    }

    @Test
    void shouldReadAgainFromTheJournalWhatThereWasNoRoomFor()
    {
        final int count = 3 * CallbackTarget.WAITING_MAX;
        receivers.answer(ONE, 503);
        bed.submit(session(ONE, count));
        bed.submit(session(OTHER, 1));
        bed.run();
        final int assigned = agent.assigned.size();
        bed.stages.control().cancel(List.of(new IdRange(1, count + 1)));
        bed.run();
        assertEquals(List.of(count + 1 + " CANCELLED"), receivers.told.get(OTHER), "assigned: " + assigned);
        receivers.answer(ONE, 200);
        pass(20);
        final List<String> told = receivers.told.get(ONE);
        assertEquals(told.size(), new HashSet<>(told).size(), "each once");
        for (int id = 1; id <= count; id++)
        {
            assertTrue(told.contains(id + " CANCELLED") || told.contains(id + " TERMINATING"), "missing " + id);
        }
    }

    @Test
    void shouldSendNothingToWhereItMustNot()
    {
        bed.submit(session("http://169.254.169.254/latest/meta-data", 1));
        bed.run();
        assertEquals(0, receivers.sent.size());
        assertTrue(bed.stages.callbacks().status(bed.view().session(1)).error().contains("169.254.169.254"));
    }

    private record Sent(String url, Map<String, String> headers, String body)
    {
    }

    /** Answers at once with what the test has said. */
    private static final class Receivers implements CallbackSender
    {
        private final Map<String, Integer> answerByUrl = new TreeMap<>();
        private final Map<String, List<String>> told = new TreeMap<>();
        private final List<Sent> sent = new ArrayList<>();
        private final Set<String> ids = new HashSet<>();

        void answer(final String url, final int status)
        {
            answerByUrl.put(url, status);
        }

        int attempts(final String url)
        {
            return (int)sent.stream().filter(one -> one.url.equals(url)).count();
        }

        @Override
        public CompletableFuture<Integer> send(
            final CallbackUrl url, final Map<String, String> headers, final byte[] body)
        {
            final String text = new String(body, StandardCharsets.UTF_8);
            sent.add(new Sent(url.text(), headers, text));
            final int status = answerByUrl.getOrDefault(url.text(), 200);
            if (status < 300)
            {
                ids.add(headers.get(CallbackSigner.ID));
                told.computeIfAbsent(url.text(), key -> new ArrayList<>()).add(
                    text.replaceAll(".*\"sessionId\":(\\d+).*\"state\":\"([A-Z]+)\".*", "$1 $2"));
            }
            return CompletableFuture.completedFuture(status);
        }

        @Override
        public void close()
        {
            // The next life of the manager uses it as well.
        }
    }
}
