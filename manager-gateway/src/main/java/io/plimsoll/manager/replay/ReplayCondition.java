package io.plimsoll.manager.replay;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.LifeState;
import io.plimsoll.core.sbe.Liveness;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.manager.view.AgentView;
import io.plimsoll.manager.view.SessionView;
import io.plimsoll.transport.NearMatch;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/**
 * What a replay goes on to: a state that is asked for after each record, or something that happens in one. Keeps what
 * it saw last, so it belongs to one replay and one thread.
 */
public final class ReplayCondition
{
    /** What is understood, for help and messages. */
    public static final String FORMS =
        "'session ID STATE', 'agent NAME lost' (or suspect, alive, away, drained, quarantined, ready, returned)," +
            " 'pending > N', 'group NAME pending > N', 'event KIND' or 'command KIND'";

    private static final List<String> AGENT_STATES =
        List.of("lost", "suspect", "alive", "away", "drained", "quarantined", "ready", "returned");
    private static final List<String> SESSION_STATES = Arrays.stream(LifeState.values())
        .filter(state -> state.value() <= LifeState.ERROR.value()).map(LifeState::name).toList();
    private static final List<String> COMPARISONS = List.of(">", ">=", "<", "<=", "=");

    private final String text;
    private final Predicate<ReplayedCluster> state;
    private final Predicate<RecordFlyweight> happening;

    private ReplayCondition(
        final String text, final Predicate<ReplayedCluster> state, final Predicate<RecordFlyweight> happening)
    {
        this.text = text;
        this.state = state;
        this.happening = happening;
    }

    /**
     * Reads a condition.
     *
     * @param text to read.
     * @return the condition.
     * @throws ReplayException that says what would be right.
     */
    public static ReplayCondition parse(final String text)
    {
        final String[] words = text.strip().split("\\s+");
        if (3 == words.length && "session".equals(words[0]))
        {
            return session(text, words[1], words[2]);
        }
        if (3 == words.length && "agent".equals(words[0]))
        {
            return agent(text, words[1], words[2]);
        }
        if (3 == words.length && "pending".equals(words[0]))
        {
            final LongPredicate comparison = comparison(text, words[1], words[2]);
            return ofState(text, cluster ->
                comparison.test(cluster.view().counts().getOrDefault(LifeState.PENDING, 0L)));
        }
        if (5 == words.length && "group".equals(words[0]) && "pending".equals(words[2]))
        {
            final LongPredicate comparison = comparison(text, words[3], words[4]);
            final String group = words[1];
            return ofState(text, cluster -> null != cluster.view().group(group) &&
                comparison.test(cluster.view().counts(group).getOrDefault(LifeState.PENDING, 0L)));
        }
        if (2 == words.length && "event".equals(words[0]))
        {
            final int template = kind(text, words[1], RecordKinds.event(words[1]), RecordKinds.eventNames());
            return new ReplayCondition(text, null, record -> hasEvent(record, template));
        }
        if (2 == words.length && "command".equals(words[0]))
        {
            final int template = kind(text, words[1], RecordKinds.command(words[1]), RecordKinds.commandNames());
            return new ReplayCondition(
                text,
                null,
                record -> template == new MessageHeaderDecoder().wrap(record.buffer(), record.commandOffset())
                    .templateId());
        }
        throw new ReplayException("'" + text + "' is no condition: right is " + FORMS);
    }

    private static ReplayCondition ofState(final String text, final Predicate<ReplayedCluster> state)
    {
        return new ReplayCondition(text, state, null);
    }

    private static ReplayCondition session(final String text, final String id, final String wanted)
    {
        final String name = wanted.toUpperCase(Locale.ROOT);
        if (!SESSION_STATES.contains(name))
        {
            throw new ReplayException("'" + text + "': there is no state " + wanted + "; they are " +
                String.join(" ", SESSION_STATES));
        }
        final long sessionId = number(text, id);
        final LifeState lifeState = LifeState.valueOf(name);
        return ofState(text, cluster ->
        {
            final SessionView session = cluster.view().session(sessionId);
            return null != session && lifeState == session.state();
        });
    }

    private static ReplayCondition agent(final String text, final String name, final String wanted)
    {
        if (!AGENT_STATES.contains(wanted))
        {
            throw new ReplayException(
                "'" + text + "': an agent is not " + wanted + "; it is " + String.join(" ", AGENT_STATES));
        }
        final boolean[] wasGone = new boolean[1];
        return ofState(text, cluster ->
        {
            final AgentView named = cluster.view().agent(name);
            final AgentView agent = null == named && name.matches("[0-9]{1,9}") ?
                cluster.view().agent(Integer.parseInt(name)) : named;
            if (null == agent)
            {
                return false;
            }
            final boolean isGone = !agent.connected() || Liveness.ALIVE != agent.liveness();
            final boolean isBack = wasGone[0] && !isGone;
            wasGone[0] = isGone;
            return switch (wanted)
            {
                case "lost" -> Liveness.LOST == agent.liveness();
                case "suspect" -> Liveness.SUSPECT == agent.liveness();
                case "alive" -> Liveness.ALIVE == agent.liveness();
                case "away" -> !agent.connected();
                case "drained" -> agent.drained();
                case "quarantined" -> agent.quarantined();
                case "returned" -> isBack;
                default -> !isGone && agent.reconciled() && !agent.drained() && !agent.quarantined();
            };
        });
    }

    private static LongPredicate comparison(final String text, final String sign, final String bound)
    {
        final long number = number(text, bound);
        return switch (sign)
        {
            case ">" -> value -> value > number;
            case ">=" -> value -> value >= number;
            case "<" -> value -> value < number;
            case "<=" -> value -> value <= number;
            case "=" -> value -> value == number;
            default -> throw new ReplayException(
                "'" + text + "': " + sign + " does not compare; " + String.join(" ", COMPARISONS) + " do");
        };
    }

    private static long number(final String text, final String word)
    {
        if (!word.matches("[0-9]{1,18}"))
        {
            throw new ReplayException("'" + text + "': " + word + " is not a whole number");
        }
        return Long.parseLong(word);
    }

    private static int kind(
        final String text, final String name, final int template, final Collection<String> known)
    {
        if (template < 0)
        {
            final List<String> near = NearMatch.find(name, known);
            throw new ReplayException("'" + text + "': there is no " + name + NearMatch.hint(near) +
                (near.isEmpty() ? "; there are " + String.join(" ", known) : ""));
        }
        return template;
    }

    private static boolean hasEvent(final RecordFlyweight record, final int template)
    {
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        final boolean[] found = new boolean[1];
        record.forEachEvent((buffer, offset, length) ->
            found[0] |= template == header.wrap(buffer, offset).templateId());
        return found[0];
    }

    /** Before any move: whether it holds where the replay stands. What happens in records never does. */
    boolean holdsAlready(final ReplayedCluster cluster)
    {
        return null != state && state.test(cluster);
    }

    /** Behind a record. */
    boolean holds(final ReplayedCluster cluster)
    {
        return null == state ? happening.test(cluster.record()) : state.test(cluster);
    }

    @Override
    public String toString()
    {
        return text;
    }
}
