package io.plimsoll.core;

import static io.plimsoll.core.testkit.SubmitSpec.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plimsoll.core.policy.AgentView;
import io.plimsoll.core.policy.PolicyLoadException;
import io.plimsoll.core.policy.RequestMix;
import io.plimsoll.core.policy.RequestView;
import io.plimsoll.core.policy.SelectionPolicies;
import io.plimsoll.core.policy.SelectionPolicy;
import io.plimsoll.core.sbe.Backfill;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.PreemptionMode;
import io.plimsoll.core.sbe.ReportKind;
import io.plimsoll.core.sbe.SelectPolicy;
import io.plimsoll.core.testkit.Commands;
import io.plimsoll.core.testkit.CoreHarness;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies of users' own come and go with the process; what was decided by them stays. */
class OwnPolicyTest
{
    private static final String SERVICE = "META-INF/services/io.plimsoll.core.policy.SelectionPolicy";
    private static final String OWN = "io.plimsoll.core.policy.testkit.PolicyCheckTest$Careless";

    @TempDir
    private Path directory;

    /** What a process sees whose jars are other ones: only these classes are named as policies. */
    private <T> T withPolicies(final List<String> classes, final Supplier<T> body) throws IOException
    {
        final Path file = Files.createDirectories(directory.resolve("META-INF/services"))
            .resolve("io.plimsoll.core.policy.SelectionPolicy");
        Files.writeString(file, String.join("\n", classes), StandardCharsets.UTF_8);
        final Thread thread = Thread.currentThread();
        final ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader = new OnlyOwn(directory.toUri().toURL(), before))
        {
            thread.setContextClassLoader(loader);
            return body.get();
        }
        finally
        {
            thread.setContextClassLoader(before);
        }
    }

    private CoreHarness selectingByOwn() throws IOException
    {
        final Commands.GroupSettings settings = new Commands.GroupSettings();
        settings.selection = SelectPolicy.SCORED;
        settings.selectionName = "careless";
        settings.preemption = PreemptionMode.RESCHEDULE;
        settings.backfill = Backfill.EASY;
        final CoreHarness core =
            withPolicies(List.of(OWN), () -> CoreHarness.started(CoreOptions.defaults(), settings));
        core.join(1, 2000, 4096);
        core.run(core.command.submit(session().preemptible()));
        core.report(1, ReportKind.RUNNING);
        core.run(core.command.submit(session().cpu(2000), session().cpu(2000).priority(50)));
        return core;
    }

    @Test
    void shouldRestoreAndWaitWhenItIsGone() throws IOException
    {
        final CoreHarness core = selectingByOwn();
        final long hash = core.core().stateHash();
        withPolicies(List.of(), core::restart);
        assertEquals(hash, core.core().stateHash());
        assertEquals("careless", core.core().explain(2).missingPolicy());
        assertEquals(
            List.of("selection of 0 not found"),
            core.run(core.command.managerStarted(2, 5)).stream().filter(event -> event.startsWith("selec")).toList());
        assertFalse(core.core().continueNeeded());
        core.join(1, 2000, 4096);
        core.join(2, 2000, 4096);
        assertEquals("careless", core.core().explain(2).missingPolicy());
        assertEquals(LifeState.PENDING.value(), core.core().explain(2).state());
        assertEquals(core.core().stateHash(), core.restored().stateHash());
        core.pass(Commands.SECOND_NS * 1000);
        assertEquals(LifeState.PENDING.value(), core.core().explain(3).state());
    }

    @Test
    void shouldGoOnWithAnotherOrWhenItIsBack() throws IOException
    {
        for (final boolean back : new boolean[]{true, false})
        {
            final CoreHarness core = selectingByOwn();
            withPolicies(List.of(), core::restart);
            core.run(core.command.managerStarted(2, 5));
            core.join(2, 2000, 4096);
            if (back)
            {
                withPolicies(List.of(OWN), core::restart);
                assertTrue(core.run(core.command.managerStarted(3, 6)).contains("selection of 0 found"));
                core.join(2, 2000, 4096);
            }
            else
            {
                core.run(core.command.configureGroup(new Commands.GroupSettings()));
            }
            assertEquals("", core.core().explain(2).missingPolicy());
            assertEquals(2, core.assignments.agent(3 << 10));
            assertEquals(core.core().stateHash(), core.restored().stateHash());
        }
    }

    @Test
    void shouldDecideTheSameAgainWithoutIt() throws IOException
    {
        final CoreHarness core = selectingByOwn();
        withPolicies(List.of(), core::restart);
        core.run(core.command.managerStarted(2, 5));
        core.join(1, 2000, 4096);
        final SchedulerCore other = withPolicies(List.of(), core::restored);
        assertEquals(core.core().stateHash(), other.stateHash());
        other.dropCaches();
        assertEquals("careless", other.explain(2).missingPolicy());
    }

    @Test
    void shouldSayWhatIsWrongWithAPolicy() throws IOException
    {
        assertSays(List.of(OWN, OWN.replace("Careless", "Timely")), null);
        assertSays(List.of("io.acme.Gone"), "io.acme.Gone");
        assertSays(List.of("io.plimsoll.core.testkit.SeededRandom"), "not a subtype");
        assertSays(List.of(Twin.class.getName()), "two policies are called 'best-fit'");
        assertSays(List.of(Shouting.class.getName()), "calls itself 'BEST FIT'");
        assertSays(List.of(Failing.class.getName()), "planted");
    }

    private void assertSays(final List<String> classes, final String words) throws IOException
    {
        if (null == words)
        {
            assertEquals(8, withPolicies(classes, SelectionPolicies::names).size());
            return;
        }
        final String message = withPolicies(
            classes, () -> assertThrows(PolicyLoadException.class, SelectionPolicies::new)).getMessage();
        assertTrue(message.contains(words), message);
    }

    /** Hides the policies that the tests as a whole have. */
    private static final class OnlyOwn extends URLClassLoader
    {
        OnlyOwn(final URL directory, final ClassLoader parent)
        {
            super(new URL[]{directory}, parent);
        }

        @Override
        public Enumeration<URL> getResources(final String name) throws IOException
        {
            return SERVICE.equals(name) ? findResources(name) : super.getResources(name);
        }
    }

    /** Has a name that is taken. */
    public static class Twin implements SelectionPolicy
    {
        @Override
        public String name()
        {
            return "best-fit";
        }

        @Override
        public long score(
            final AgentView agent,
            final RequestView request,
            final RequestMix mix)
        {
            return 0;
        }
    }

    /** Has a name that will not do. */
    public static final class Shouting extends Twin
    {
        @Override
        public String name()
        {
            return "BEST FIT";
        }
    }

    /** Cannot be made. */
    public static final class Failing extends Twin
    {
        public Failing()
        {
            throw new ArithmeticException("planted");
        }
    }
}
