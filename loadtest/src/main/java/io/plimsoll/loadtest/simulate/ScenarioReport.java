package io.plimsoll.loadtest.simulate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.plimsoll.transport.Amounts;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What became of the sessions of a scenario. Times are seconds from its start, cpu is in cores, mem in bytes, a share
 * in thousandths of a device.
 */
public final class ScenarioReport
{
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final int HASH_DIGITS = 16;

    private final ScenarioRun run;

    /**
     * Of a run.
     *
     * @param run that is over.
     */
    public ScenarioReport(final ScenarioRun run)
    {
        this.run = run;
    }

    /**
     * One object a session, then the summary.
     *
     * @param lines     takes each line.
     * @param stateHash whether the summary carries the hash.
     */
    public void jsonLines(final Consumer<String> lines, final boolean stateHash)
    {
        for (final SessionRun session : run.sessions())
        {
            lines.accept(write(generator -> session(generator, session)));
        }
        lines.accept(write(generator -> summary(generator, stateHash)));
    }

    private static void session(final JsonGenerator generator, final SessionRun session) throws IOException
    {
        generator.writeStringField("name", session.spec().name());
        generator.writeStringField("state", session.state());
        generator.writeStringField("result", VirtualCluster.kebab(session.result()));
        generator.writeStringField("reason", session.reasonText());
        seconds(generator, "submittedAt", session.submittedNs());
        seconds(generator, "startedAt", session.startedNs());
        seconds(generator, "endedAt", session.endedNs());
        seconds(generator, "waitSeconds", session.waitNs());
        generator.writeNumberField("attempts", session.attempts());
        generator.writeArrayFieldStart("kernels");
        for (final VirtualKernel kernel : session.kernels())
        {
            kernel(generator, kernel);
        }
        generator.writeEndArray();
    }

    private static void kernel(final JsonGenerator generator, final VirtualKernel kernel) throws IOException
    {
        generator.writeStartObject();
        generator.writeStringField("agent", kernel.agent().spec().name());
        generator.writeFieldName("cpu");
        generator.writeNumber(new BigDecimal(Amounts.formatCpu(kernel.cpuMillis())));
        generator.writeNumberField("mem", kernel.memoryBytes());
        generator.writeArrayFieldStart("devices");
        for (final VirtualKernel.DeviceShare device : kernel.devices())
        {
            generator.writeStartObject();
            generator.writeNumberField("index", device.index());
            generator.writeNumberField("share", device.share());
            generator.writeEndObject();
        }
        generator.writeEndArray();
        generator.writeEndObject();
    }

    private void summary(final JsonGenerator generator, final boolean stateHash) throws IOException
    {
        generator.writeBooleanField("summary", true);
        generator.writeNumberField("sessions", run.sessions().size());
        generator.writeObjectFieldStart("states");
        for (final Map.Entry<String, Integer> state : states().entrySet())
        {
            generator.writeNumberField(state.getKey(), state.getValue());
        }
        generator.writeEndObject();
        generator.writeNumberField("succeeded", succeeded());
        seconds(generator, "endedAt", lastEndNs());
        generator.writeFieldName("meanWaitSeconds");
        generator.writeNumber(Seconds.of(meanWaitNs()));
        generator.writeFieldName("maxWaitSeconds");
        generator.writeNumber(Seconds.of(maxWaitNs()));
        generator.writeObjectFieldStart("refused");
        for (final SessionRun session : run.sessions())
        {
            if (session.isRejected())
            {
                generator.writeStringField(session.spec().name(), session.rejection());
            }
        }
        generator.writeEndObject();
        if (stateHash)
        {
            generator.writeStringField("stateHash", hash());
        }
    }

    /** For people: a table, and a line that sums it up. */
    public List<String> table(final boolean stateHash)
    {
        final List<String[]> rows = new ArrayList<>();
        rows.add(new String[]{
            "NAME", "STATE", "RESULT", "REASON", "SUBMITTED", "STARTED", "ENDED", "WAIT", "TRIES", "ON"});
        for (final SessionRun session : run.sessions())
        {
            rows.add(new String[]{
                session.spec().name(),
                session.state(),
                VirtualCluster.kebab(session.result()),
                session.reason(),
                duration(session.submittedNs()),
                duration(session.startedNs()),
                duration(session.endedNs()),
                duration(session.waitNs()),
                Integer.toString(session.attempts()),
                places(session)});
        }
        final List<String> lines = TextRows.align(rows);
        lines.add("");
        for (final SessionRun session : run.sessions())
        {
            if (session.isRejected())
            {
                lines.add(session.spec().name() + " was refused: " + session.rejection());
            }
        }
        lines.add(run.sessions().size() + " sessions " + states() + ", mean wait " + duration(meanWaitNs()) +
            ", longest " + duration(maxWaitNs()) + ", over after " + duration(lastEndNs()));
        if (stateHash)
        {
            lines.add("state hash " + hash());
        }
        return lines;
    }

    private static String places(final SessionRun session)
    {
        final Map<String, Integer> byAgent = new LinkedHashMap<>();
        session.kernels().forEach(kernel -> byAgent.merge(kernel.agent().spec().name(), 1, Integer::sum));
        final List<String> places = new ArrayList<>();
        byAgent.forEach((agent, kernels) -> places.add(1 == kernels ? agent : agent + " x" + kernels));
        return places.isEmpty() ? "-" : String.join(", ", places);
    }

    private static String duration(final long ns)
    {
        return ns < 0 ? "-" : Seconds.text(ns) + "s";
    }

    private Map<String, Integer> states()
    {
        final Map<String, Integer> states = new LinkedHashMap<>();
        run.sessions().forEach(session -> states.merge(session.state(), 1, Integer::sum));
        return states;
    }

    private int succeeded()
    {
        int count = 0;
        for (final SessionRun session : run.sessions())
        {
            count += "success".equals(VirtualCluster.kebab(session.result())) ? 1 : 0;
        }
        return count;
    }

    private long lastEndNs()
    {
        long last = SessionRun.NOT_YET;
        for (final SessionRun session : run.sessions())
        {
            last = Math.max(last, session.endedNs());
        }
        return last;
    }

    private long meanWaitNs()
    {
        long sum = 0;
        long count = 0;
        for (final SessionRun session : run.sessions())
        {
            if (session.waitNs() >= 0)
            {
                sum += session.waitNs();
                count++;
            }
        }
        return 0 == count ? 0 : sum / count;
    }

    private long maxWaitNs()
    {
        long max = 0;
        for (final SessionRun session : run.sessions())
        {
            max = Math.max(max, session.waitNs());
        }
        return max;
    }

    private String hash()
    {
        return String.format(Locale.ROOT, "%0" + HASH_DIGITS + "x", run.stateHash());
    }

    private static void seconds(final JsonGenerator generator, final String name, final long ns) throws IOException
    {
        generator.writeFieldName(name);
        if (ns < 0)
        {
            generator.writeNull();
        }
        else
        {
            generator.writeNumber(Seconds.of(ns));
        }
    }

    private static String write(final Fields fields)
    {
        final StringWriter line = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(line))
        {
            generator.writeStartObject();
            fields.write(generator);
            generator.writeEndObject();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return line.toString();
    }

    /** Writes the fields of an object. */
    private interface Fields
    {
        void write(JsonGenerator generator) throws IOException;
    }
}
