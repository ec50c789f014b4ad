package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.plimsoll.core.SessionPart;
import io.plimsoll.core.sbe.OnLoss;
import io.plimsoll.core.sbe.SessionType;
import io.plimsoll.manager.control.SessionRequest;
import io.plimsoll.manager.identity.Accounts;
import io.plimsoll.manager.view.IdRange;
import io.plimsoll.transport.LaunchSpec;
import io.plimsoll.transport.SessionNotes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One session of a submission while its JSON is read; used once, by one thread. The defaults of every field stand here:
 * they are what {@code /openapi.json} promises.
 */
final class SessionDraft
{
    /** Names in the order in which they are documented; their positions are the bits of {@link #seen}. */
    static final List<String> FIELDS = List.of(
        "name", "type", "group", "priority", "kernels", "count", "slots", "cpu", "mem", "gpu", "command", "env", "cwd",
        "timeout", "grace", "onLoss", "after", "afterAny", "startAt", "failurePolicy", "preemptible", "account",
        "project",
        "arch", "labels", "deviceModel", "on", "prefer", "spread", "pack", "image", "runtime",
        "user", "shm", "mounts", "ports", "simulatedSeconds", "logBytesMax", "stdin", "tty",
        "idleTimeout", "lowUseWindow", "callback", "template");

    private static final Map<String, Integer> POSITIONS = positions();

    static final int PRIORITY_DEFAULT = 10;
    static final long GRACE_NS_DEFAULT = 10_000_000_000L;
    static final int COUNT_MAX = 1_000_000;
    static final int KERNELS_MAX = 1024;
    static final int PARTS_MAX = 64;
    static final int DEPENDENCIES_MAX = 1024;

    private static final int NAME_LENGTH_MAX = 256;
    private static final String KERNELS_RIGHT = "a whole number from 1 to " + KERNELS_MAX +
        ", or a list such as [{\"cpu\": 2}, {\"count\": 3, \"cpu\": 8, \"mem\": \"32g\", \"gpu\": 1}]";
    private static final int TEXT_LENGTH_MAX = LaunchSpec.LENGTH_MAX;
    private static final int LIST_LENGTH_MAX = 4096;

    private AmountsDraft amounts = new AmountsDraft();
    /** Kernels after the first ones, which need something else. */
    private final List<SessionPart> parts = new ArrayList<>();
    private boolean areListed;
    private final TermsDraft terms = new TermsDraft();
    private final ContainerDraft container = new ContainerDraft();
    private long seen;
    private String name = "";
    private String account;
    private String project;
    private SessionType type = SessionType.BATCH;
    private String group = "default";
    private int priority = PRIORITY_DEFAULT;
    private int kernels = 1;
    private int count = 1;
    private boolean array;
    private List<String> command;
    private Map<String, String> env = Map.of();
    private String cwd;
    private long walltimeNs;
    private long graceNs = GRACE_NS_DEFAULT;
    private OnLoss onLoss = OnLoss.WAIT;
    private long simulatedNs;
    private long logBytesMax;
    private long idleTimeoutNs;
    private long lowUseWindowNs;
    private String callback;
    private String template;
    private int templateVersion;

    /** Reads the value of a field; the parser stands on the value. False if there is no such field. */
    boolean tryField(final String field, final JsonParser parser) throws IOException
    {
        final Integer position = POSITIONS.get(field);
        if (null == position)
        {
            return false;
        }
        if (0 != (seen & 1L << position))
        {
            throw FieldReader.duplicate(parser);
        }
        seen |= 1L << position;
        if (JsonToken.VALUE_NULL != parser.currentToken())
        {
            read(field, parser);
        }
        return true;
    }

    private void read(final String field, final JsonParser parser) throws IOException
    {
        switch (field)
        {
            case "name" -> name = FieldReader.text(parser, NAME_LENGTH_MAX, "text");
            case "account" -> account = readAccount(parser);
            case "project" -> project = readProject(parser);
            case "type" -> type = type(parser);
            case "group" -> group = group(parser);
            case "priority" -> priority = (int)FieldReader.integer(
                parser, 0, 100, "a whole number from 0 to 100, higher first");
            case "kernels" -> kernels(parser);
            case "count" -> count(parser);
            case "slots", "cpu", "mem", "gpu" -> amount(field, parser);
            case "command" -> command = command(parser);
            case "env" -> env = FieldReader.textMap(parser, LIST_LENGTH_MAX, TEXT_LENGTH_MAX);
            case "cwd" -> cwd = cwd(parser);
            case "timeout" -> walltimeNs = FieldReader.durationNs(parser);
            case "grace" -> graceNs = FieldReader.durationNs(parser);
            case "onLoss" -> onLoss = onLoss(parser);
            case "image", "runtime", "user", "shm", "mounts", "ports", "stdin", "tty" -> container.read(field, parser);
            case "simulatedSeconds" -> simulatedNs = FieldReader.durationNs(parser);
            case "logBytesMax" -> logBytesMax = FieldReader.bytes(parser);
            case "idleTimeout" -> idleTimeoutNs = FieldReader.durationNs(parser);
            case "template" -> template = FieldReader.text(
                parser, NAME_LENGTH_MAX, "the name of a template, such as train or train:3");
            case "callback" -> callback = PolicyDraft.callback(parser);
            case "lowUseWindow" -> lowUseWindowNs = FieldReader.durationNs(parser);
            default -> terms.read(field, parser);
        }
    }

    /** The session; throws the problem if something that must be there is missing. */
    SessionRequest build(final String pointer, final SubmissionNames accounts)
    {
        if (null != template)
        {
            takeFrom(accounts.template(template, project), pointer);
        }
        if (null == command)
        {
            throw new Problem(
                400,
                "missing-field",
                pointer + "/command: missing; give the program and its arguments, such as [\"/bin/true\"]")
                .field(pointer + "/command")
                .asException();
        }
        final LaunchSpec spec = new LaunchSpec(
            command, env, cwd, container.image(pointer), logBytesMax, simulatedNs, container.spec(),
            container.runtime(), container.stdin(pointer), container.hasTerminal(),
            new SessionNotes(idleTimeoutNs, lowUseWindowNs, callback, template, templateVersion));
        if (null != spec.runtime())
        {
            terms.needsRuntime(spec.runtime());
        }
        else if (null != spec.image())
        {
            terms.needsEngine();
        }
        return new SessionRequest(
            name,
            group,
            type,
            priority,
            kernels,
            count,
            array,
            amounts.cpuMillis(),
            amounts.memoryBytes(),
            amounts.slots(),
            walltimeNs,
            graceNs,
            onLoss,
            terms.dependencies(),
            spec,
            terms.terms(accountId(pointer, accounts), List.copyOf(parts)));
    }

    /** Fields that the submission does not have are those of the template; so is the project that it counts for. */
    private void takeFrom(final SubmissionNames.Found found, final String pointer)
    {
        final byte[] fields = found.template().session().getBytes(StandardCharsets.UTF_8);
        try (JsonParser parser = Json.parser(fields))
        {
            parser.nextToken();
            while (JsonToken.FIELD_NAME == parser.nextToken())
            {
                final String field = parser.currentName();
                parser.nextToken();
                final Integer position = POSITIONS.get(field);
                if (null == position || 0 != (seen & 1L << position) || !tryField(field, parser))
                {
                    parser.skipChildren();
                }
            }
        }
        catch (final ProblemException ex)
        {
            throw new Problem(
                422, "template-conflict", pointer + "/template: with what is given, " + found.template().name() +
                    " makes no session: " + ex.problem().detail()).field(pointer + "/template").asException();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        template = found.template().name();
        templateVersion = found.template().version();
        project = null == project && null == account ? found.project() : project;
    }

    /** Looks at fields of a session that is not whole yet; throws the problem if one of them is wrong. */
    static void check(final JsonParser parser) throws IOException
    {
        final SessionDraft draft = new SessionDraft();
        while (JsonToken.END_OBJECT != parser.nextToken())
        {
            final String field = parser.currentName();
            parser.nextToken();
            if ("template".equals(field))
            {
                throw FieldReader.problem("conflicting-fields", parser, "a template is not made from another one");
            }
            SubmitParser.field(draft, field, parser);
        }
    }

    /** A project is an account as well, under a name that says that it is one. */
    private int accountId(final String pointer, final SubmissionNames accounts)
    {
        final String name = account(pointer, account, project);
        return null == name ? 0 : accounts.applyAsInt(name);
    }

    /** What an account is known by, of which the one or the other was given; null if neither was. */
    static String account(final String pointer, final String account, final String project)
    {
        if (null != project && null != account)
        {
            throw new Problem(
                400, "conflicting-fields", pointer + "/project: give an account or a project")
                .field(pointer + "/project")
                .asException();
        }
        return null == project ? account : Accounts.PROJECT + project;
    }

    /** Reads the name of an account. */
    static String readAccount(final JsonParser parser) throws IOException
    {
        return FieldReader.scalar(parser, NAME_LENGTH_MAX, "an account, by name or number");
    }

    /** Reads the name of a project. */
    static String readProject(final JsonParser parser) throws IOException
    {
        return FieldReader.text(parser, NAME_LENGTH_MAX, "the name of a project");
    }

    private void amount(final String field, final JsonParser parser) throws IOException
    {
        if (areListed)
        {
            throw conflict(parser);
        }
        amounts.tryField(field, parser);
    }

    private static ProblemException conflict(final JsonParser parser)
    {
        return FieldReader.problem(
            "conflicting-fields", parser, "kernels that are listed say themselves what they need");
    }

    /** How many there are, all alike, or a list in which each entry says what its kernels need. */
    private void kernels(final JsonParser parser) throws IOException
    {
        if (JsonToken.START_ARRAY != parser.currentToken())
        {
            kernels = (int)FieldReader.integer(parser, 1, KERNELS_MAX, KERNELS_RIGHT);
            return;
        }
        if (!amounts.isEmpty())
        {
            throw conflict(parser);
        }
        int count = 0;
        while (JsonToken.END_ARRAY != parser.nextToken())
        {
            FieldReader.expectObject(parser, KERNELS_RIGHT);
            final AmountsDraft part = new AmountsDraft();
            final int partKernels = part(parser, part);
            count += partKernels;
            if (count > KERNELS_MAX || parts.size() == PARTS_MAX)
            {
                throw FieldReader.outOfRange(
                    parser, "at most " + KERNELS_MAX + " kernels in " + PARTS_MAX + " entries");
            }
            if (areListed)
            {
                parts.add(new SessionPart(partKernels, part.cpuMillis(), part.memoryBytes(), part.slots()));
            }
            else
            {
                areListed = true;
                kernels = partKernels;
                amounts = part;
            }
        }
        if (!areListed)
        {
            throw FieldReader.outOfRange(parser, KERNELS_RIGHT);
        }
    }

    private static int part(final JsonParser parser, final AmountsDraft part) throws IOException
    {
        int count = 1;
        while (JsonToken.END_OBJECT != parser.nextToken())
        {
            final String field = parser.currentName();
            parser.nextToken();
            if ("count".equals(field))
            {
                count = (int)FieldReader.integer(parser, 1, KERNELS_MAX, "a whole number from 1 to " + KERNELS_MAX);
            }
            else if (!part.tryField(field, parser))
            {
                throw FieldReader.problem(
                    "unknown-field", parser, "kernels have count, cpu, mem, gpu and slots");
            }
        }
        return count;
    }

    private static Map<String, Integer> positions()
    {
        final Map<String, Integer> positions = new HashMap<>();
        for (final String field : FIELDS)
        {
            positions.put(field, positions.size());
        }
        return positions;
    }

    private static SessionType type(final JsonParser parser) throws IOException
    {
        final String right = "\"batch\", \"interactive\", \"inference\" or \"system\"";
        final String text = FieldReader.text(parser, NAME_LENGTH_MAX, right);
        return switch (text)
        {
            case "batch" -> SessionType.BATCH;
            case "interactive" -> SessionType.INTERACTIVE;
            case "inference" -> SessionType.INFERENCE;
            case "system" -> SessionType.SYSTEM;
            default -> throw FieldReader.outOfRange(parser, right);
        };
    }

    private static OnLoss onLoss(final JsonParser parser) throws IOException
    {
        final String right = "\"wait\" or \"restart\"";
        final String text = FieldReader.text(parser, NAME_LENGTH_MAX, right);
        return switch (text)
        {
            case "wait" -> OnLoss.WAIT;
            case "restart" -> OnLoss.RESTART;
            default -> throw FieldReader.outOfRange(parser, right);
        };
    }

    private static String group(final JsonParser parser) throws IOException
    {
        final String right = "the name of a resource group, such as \"default\"";
        final String text = FieldReader.text(parser, NAME_LENGTH_MAX, right);
        if (text.isEmpty())
        {
            throw FieldReader.outOfRange(parser, right);
        }
        return text;
    }

    private static List<String> command(final JsonParser parser) throws IOException
    {
        final String right = "an array of program and arguments, such as [\"sh\", \"-c\", \"echo hello\"]";
        final List<String> command = FieldReader.texts(parser, LIST_LENGTH_MAX, TEXT_LENGTH_MAX, right);
        if (command.isEmpty() || command.get(0).isEmpty())
        {
            throw FieldReader.outOfRange(parser, right);
        }
        return command;
    }

    private static String cwd(final JsonParser parser) throws IOException
    {
        final String right = "an absolute path, such as \"/tmp\"";
        final String text = FieldReader.text(parser, LIST_LENGTH_MAX, right);
        if (!text.startsWith("/"))
        {
            throw FieldReader.outOfRange(parser, right);
        }
        return text;
    }

    private void count(final JsonParser parser) throws IOException
    {
        count = (int)FieldReader.integer(parser, 1, COUNT_MAX, "a whole number from 1 to " + COUNT_MAX);
        array = true;
    }

    /** An id or a range as text, or an id as number. */
    static IdRange idRange(final JsonParser parser, final String right) throws IOException
    {
        if (JsonToken.VALUE_NUMBER_INT == parser.currentToken())
        {
            final long id = FieldReader.integer(parser, 1, Long.MAX_VALUE, right);
            return new IdRange(id, id);
        }
        final IdRange range = IdRanges.parse(FieldReader.text(parser, NAME_LENGTH_MAX, right));
        if (null == range)
        {
            throw FieldReader.outOfRange(parser, right);
        }
        return range;
    }
}
