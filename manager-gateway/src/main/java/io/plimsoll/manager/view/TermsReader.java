package io.plimsoll.manager.view;

import io.plimsoll.core.PartsFlyweight;
import io.plimsoll.core.SessionPart;
import io.plimsoll.core.sbe.BooleanType;
import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.core.sbe.FailurePolicy;
import io.plimsoll.core.sbe.SessionQueuedDecoder;
import io.plimsoll.manager.control.Constraint;
import io.plimsoll.manager.control.SessionTerms;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Dependencies and terms of a session, read from its event behind the slots, in the order of the message.
 *
 * @param dependencies ids that must end with success first.
 * @param terms        the rest.
 */
public record TermsReader(long[] dependencies, SessionTerms terms)
{
    private static final long[] NO_DEPENDENCIES = new long[0];

    /** Of an event whose slots were read. */
    public static TermsReader read(final SessionQueuedDecoder event, final SlotTable slots)
    {
        final SessionQueuedDecoder.DependenciesDecoder group = event.dependencies();
        final int count = group.count();
        final long[] success = 0 == count ? NO_DEPENDENCIES : new long[count];
        int successes = 0;
        List<Long> any = List.of();
        for (int i = 0; i < count; i++)
        {
            group.next();
            if (BooleanType.T == group.anyEnd())
            {
                any = any.isEmpty() ? new ArrayList<>() : any;
                any.add(group.sessionId());
            }
            else
            {
                success[successes++] = group.sessionId();
            }
        }
        final List<Constraint> constraints = constraints(event);
        final List<SessionPart> parts = parts(event, slots);
        final boolean plain = 0 == event.startsAtNs() && FailurePolicy.STRICT == event.failurePolicy() &&
            BooleanType.F == event.preemptible() && any.isEmpty() && constraints.isEmpty() &&
            parts.isEmpty();
        final SessionTerms terms = plain ? SessionTerms.DEFAULTS : new SessionTerms(
            0, event.startsAtNs(), event.failurePolicy(), BooleanType.T == event.preemptible(), any, constraints,
            parts);
        return new TermsReader(successes == count ? success : java.util.Arrays.copyOf(success, successes), terms);
    }

    /** For each constraint its kind (1 byte), then key and values, each behind its length (2 bytes). */
    private static List<Constraint> constraints(final SessionQueuedDecoder event)
    {
        final int length = event.constraintLength();
        if (0 == length)
        {
            // What follows is found behind it, even if there is nothing.
            event.skipConstraint();
            return List.of();
        }
        final ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        event.getConstraint(bytes.array(), 0, length);
        final List<Constraint> constraints = new ArrayList<>();
        while (bytes.hasRemaining())
        {
            constraints.add(new Constraint(ConstraintKind.get(bytes.get()), text(bytes), text(bytes)));
        }
        return List.copyOf(constraints);
    }

    /** The last one stands first in the event. */
    private static List<SessionPart> parts(final SessionQueuedDecoder event, final SlotTable slots)
    {
        final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);
        event.wrapParts(bytes);
        if (0 == bytes.capacity())
        {
            return List.of();
        }
        final LinkedList<SessionPart> parts = new LinkedList<>();
        final PartsFlyweight part = new PartsFlyweight().wrap(bytes);
        while (part.hasNext() && part.next())
        {
            final Map<String, Long> amounts = new LinkedHashMap<>();
            for (int slot = part.slots(); slot > 0; slot--)
            {
                part.nextSlot();
                amounts.put(slots.name(part.slotId()), part.amount());
            }
            parts.addFirst(new SessionPart(part.kernels(), part.cpuMillis(), part.memoryBytes(), amounts));
        }
        return List.copyOf(parts);
    }

    private static String text(final ByteBuffer bytes)
    {
        final byte[] text = new byte[bytes.getShort()];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
