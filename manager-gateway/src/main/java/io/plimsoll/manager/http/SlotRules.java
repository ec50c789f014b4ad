package io.plimsoll.manager.http;

import io.plimsoll.core.SessionPart;
import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.manager.control.Constraint;
import io.plimsoll.manager.control.SessionRequest;
import io.plimsoll.manager.control.SessionTerms;
import io.plimsoll.manager.view.AgentView;
import io.plimsoll.manager.view.LiveView;
import io.plimsoll.transport.Amounts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What agents say of how a slot is had: shares in multiples of a quantum ({@code npu.quantum=0.25}), slices one at a
 * time ({@code fpga.slice.unique=1}). What no agent of the group would give is refused; what some would is placed on
 * those. Worked out anew when an agent says something else. Any thread.
 */
final class SlotRules
{
    private static final String DEVICES = ".device";
    private static final String SHARES = ".shares";
    private static final String QUANTUM = ".quantum";
    private static final String UNIQUE = ".unique";
    private static final long MILLIS = 1000;

    private final LiveView view;
    private volatile Known known = new Known(-1, Map.of());

    /** Rules by group and slot. */
    private record Known(long version, Map<String, Map<String, Rule>> byGroup)
    {
    }

    /** What agents of a group say of a slot. */
    private static final class Rule
    {
        /** Thousandths, and how agents write them. */
        private final Map<Long, String> quanta = new TreeMap<>();
        private boolean unique;
        /** Whether some agent has the slot and says nothing of the kind. */
        private boolean free;
    }

    SlotRules(final LiveView view)
    {
        this.view = view;
    }

    /** The sessions, with what else they ask of agents; throws the problem if one asks for what nobody gives. */
    List<SessionRequest> checked(final List<SessionRequest> sessions, final boolean single)
    {
        List<SessionRequest> checked = sessions;
        for (int i = 0; i < sessions.size(); i++)
        {
            final SessionRequest session = sessions.get(i);
            final Map<String, Constraint> constraints = constraints(session, single ? "" : "/sessions/" + i);
            if (!constraints.isEmpty())
            {
                checked = checked == sessions ? new ArrayList<>(sessions) : checked;
                checked.set(i, with(session, constraints));
            }
        }
        return checked;
    }

    private Map<String, Constraint> constraints(final SessionRequest session, final String pointer)
    {
        final Map<String, Constraint> constraints = new LinkedHashMap<>();
        add(constraints, session.group(), session.slots(), pointer);
        for (final SessionPart part : session.terms().parts())
        {
            add(constraints, session.group(), part.slots(), pointer);
        }
        return constraints;
    }

    private void add(
        final Map<String, Constraint> constraints,
        final String group,
        final Map<String, Long> slots,
        final String pointer)
    {
        if (slots.isEmpty())
        {
            return;
        }
        final Map<String, Rule> rules = rules().getOrDefault(group, Map.of());
        slots.forEach((slot, amount) ->
        {
            final Rule rule = rules.get(slot);
            if (null != rule && !rule.quanta.isEmpty())
            {
                share(constraints, rule, slot, amount, pointer);
            }
            else if (null != rule && rule.unique && amount > 1)
            {
                unique(constraints, rule, slot, amount, pointer);
            }
        });
    }

    private static void share(
        final Map<String, Constraint> constraints,
        final Rule rule,
        final String slot,
        final long amount,
        final String pointer)
    {
        final long devices = (amount + MILLIS - 1) / MILLIS;
        final List<String> others = new ArrayList<>();
        rule.quanta.forEach((quantum, text) ->
        {
            if (0 != amount % (devices * quantum))
            {
                others.add(text);
            }
        });
        if (others.isEmpty())
        {
            return;
        }
        if (others.size() < rule.quanta.size() || rule.free)
        {
            final String label = slot.substring(0, slot.length() - SHARES.length()) + QUANTUM;
            constraints.put(label, new Constraint(
                ConstraintKind.LABEL_NOT_IN, label, String.join(Character.toString(Constraint.SEPARATOR), others)));
            return;
        }
        final long step = devices * rule.quanta.keySet().iterator().next();
        final long below = amount / step * step;
        final long above = Math.min(devices * MILLIS, below + step);
        throw refused(pointer, slot, "not-multiple-of-quantum", amount + " thousandths are no multiple of " + step +
            ", the least share of " + (1 == devices ? "a device" : devices + " devices") + "; ask for " +
            (below > 0 ? below + " or " : "") + above);
    }

    private static void unique(
        final Map<String, Constraint> constraints,
        final Rule rule,
        final String slot,
        final long amount,
        final String pointer)
    {
        if (!rule.free)
        {
            throw refused(pointer, slot, "unique-slot", amount + " asked for, and a kernel has one at most; ask for 1");
        }
        constraints.put(slot, new Constraint(ConstraintKind.LABEL_ABSENT, slot + UNIQUE, ""));
    }

    private static ProblemException refused(
        final String pointer, final String slot, final String code, final String why)
    {
        final String field = pointer + "/slots/" + slot;
        return new Problem(422, code, field + ": " + why).field(field).asException();
    }

    private static SessionRequest with(final SessionRequest session, final Map<String, Constraint> more)
    {
        final SessionTerms terms = session.terms();
        final List<Constraint> constraints = new ArrayList<>(terms.constraints());
        constraints.addAll(more.values());
        return new SessionRequest(
            session.name(), session.group(), session.type(), session.priority(), session.kernels(), session.count(),
            session.array(), session.cpuMillis(), session.memoryBytes(), session.slots(), session.walltimeNs(),
            session.graceNs(), session.onLoss(), session.dependencies(), session.spec(),
            new SessionTerms(
                terms.accountId(), terms.startsAtNs(), terms.failurePolicy(), terms.preemptible(), terms.afterAny(),
                List.copyOf(constraints), terms.parts()));
    }

    private Map<String, Map<String, Rule>> rules()
    {
        final long version = view.agentsVersion();
        if (version != known.version())
        {
            final Map<String, Map<String, Rule>> byGroup = new HashMap<>();
            view.agents().forEach(agent ->
                read(agent, byGroup.computeIfAbsent(agent.group(), group -> new HashMap<>())));
            known = new Known(version, byGroup);
        }
        return known.byGroup();
    }

    private static void read(final AgentView agent, final Map<String, Rule> rules)
    {
        agent.capacity().forEach((slot, amount) ->
        {
            if (slot.endsWith(DEVICES) && amount > 0)
            {
                final String family = slot.substring(0, slot.length() - DEVICES.length());
                final Rule rule = rules.computeIfAbsent(family + SHARES, name -> new Rule());
                final long quantum = quantum(agent.labels().get(family + QUANTUM));
                rule.free |= 0 == quantum;
                if (quantum > 0)
                {
                    rule.quanta.put(quantum, agent.labels().get(family + QUANTUM));
                }
            }
            else if (amount > 0 && !slot.endsWith(SHARES))
            {
                final Rule rule = rules.computeIfAbsent(slot, name -> new Rule());
                final boolean isUnique = agent.labels().containsKey(slot + UNIQUE);
                rule.unique |= isUnique;
                rule.free |= !isUnique;
            }
        });
    }

    /** In thousandths; 0: none, or one that nobody understands. */
    private static long quantum(final String text)
    {
        try
        {
            return null == text ? 0 : Math.max(0, Amounts.cpuMillis(text));
        }
        catch (final IllegalArgumentException e)
        {
            return 0;
        }
    }
}
