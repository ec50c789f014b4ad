package io.plimsoll.loadtest.simulate;

import io.plimsoll.core.SessionPart;
import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.loadtest.simulate.Scenario.SlotAmount;
import io.plimsoll.loadtest.simulate.SessionSpec.Constraint;
import io.plimsoll.loadtest.simulate.SessionSpec.Request;
import io.plimsoll.transport.Amounts;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what the kernels of a session need, which may differ from one entry of its list to the next. */
final class RequestParser
{
    private static final int KERNELS_MAX = 1024;
    private static final int PARTS_MAX = 64;
    /** Before the point: more would not fit a number of thousandths. */
    private static final int DIGITS_MAX = 15;
    private static final int WHOLE = 1000;
    private static final long CPU_DEFAULT = 1000;
    private static final List<String> NAMED =
        List.of("cpu", "mem", "count", "gpu", "cuda", "devices", "slots", "cuda.device", "cuda.shares");

    private RequestParser()
    {
    }

    /**
     * The request of a session.
     *
     * @param session     with its kernels.
     * @param constraints takes what the kernels demand of models.
     */
    static Request parse(final FieldSet session, final List<Constraint> constraints)
    {
        final YamlNode given = session.find("kernels");
        if (null != given && session.list("kernels").isEmpty())
        {
            throw given.problem("the list is empty: a session has at least one");
        }
        Request first = null;
        int count = 0;
        final List<SessionPart> parts = new ArrayList<>();
        for (final YamlNode node : session.list("kernels"))
        {
            final Request part = kernels(node, constraints);
            count += part.kernels();
            if (count > KERNELS_MAX)
            {
                throw node.problem(count + " kernels are too many: at most " + KERNELS_MAX);
            }
            if (null == first)
            {
                first = part;
            }
            else
            {
                parts.add(part(part));
            }
            if (parts.size() >= PARTS_MAX)
            {
                throw node.problem("at most " + PARTS_MAX + " entries of kernels; equal ones go into one");
            }
        }
        return null == first ?
            new Request(1, CPU_DEFAULT, 0, List.of()) :
            new Request(first.kernels(), first.cpuMillis(), first.memoryBytes(), first.slots(), List.copyOf(parts));
    }

    private static SessionPart part(final Request request)
    {
        final Map<String, Long> slots = new LinkedHashMap<>();
        request.slots().forEach(slot -> slots.put(slot.name(), slot.amount()));
        return new SessionPart(request.kernels(), request.cpuMillis(), request.memoryBytes(), slots);
    }

    private static Request kernels(final YamlNode node, final List<Constraint> constraints)
    {
        final FieldSet fields = new FieldSet(node);
        final int count = (int)fields.count("count", 1, 1, KERNELS_MAX);
        final List<SlotAmount> slots = new ArrayList<>();
        for (final String name : List.of("gpu", "cuda"))
        {
            if (fields.has(name))
            {
                devices(fields.find(name), "cuda", slots);
            }
        }
        for (final YamlNode devices : fields.list("devices"))
        {
            final FieldSet wanted = new FieldSet(devices);
            final String kind = wanted.text("kind", "cuda");
            final YamlNode deviceCount = wanted.find("count");
            final YamlNode share = wanted.find("share");
            if (wanted.has("model"))
            {
                final Constraint model = new Constraint(
                    ConstraintKind.LABEL_IN, kind + SessionSpec.MODEL_LABEL, String.join("|", wanted.texts("model")));
                add(model, devices, constraints);
            }
            wanted.end();
            devices(kind, deviceCount, share, devices, slots);
        }
        further(fields, slots);
        return new Request(count, fields.cpuMillis("cpu", CPU_DEFAULT), fields.bytes("mem", 0), List.copyOf(slots));
    }

    /** Constraints hold for all kernels of a session, whichever of them they were said of. */
    private static void add(final Constraint model, final YamlNode node, final List<Constraint> constraints)
    {
        for (final Constraint known : constraints)
        {
            if (known.kind() == model.kind() && known.key().equals(model.key()) && !known.equals(model))
            {
                throw node.problem("all kernels of a session are on agents of one model: " + model.values() +
                    " here, " + known.values() + " before");
            }
        }
        if (!constraints.contains(model))
        {
            constraints.add(model);
        }
    }

    /** A whole number of devices, or a fraction of one. */
    private static void devices(final YamlNode node, final String kind, final List<SlotAmount> slots)
    {
        final BigDecimal amount;
        try
        {
            amount = new BigDecimal(node.text());
        }
        catch (final NumberFormatException ex)
        {
            throw node.problem(node.text() + " is no number of devices: use such as 2, or 0.5 for half of one");
        }
        if (amount.precision() - (long)amount.scale() > DIGITS_MAX)
        {
            throw node.problem(node.text() + " is too large");
        }
        if (amount.signum() < 0 || amount.scale() > 3 && amount.stripTrailingZeros().scale() > 3)
        {
            throw node.problem(node.text() + " is no number of devices: use such as 2, or 0.5 for half of one");
        }
        final boolean whole = amount.stripTrailingZeros().scale() <= 0;
        final long thousandths = amount.movePointRight(3).longValue();
        add(kind + (whole ? ".device" : ".shares"), whole ? thousandths / WHOLE : thousandths, node, slots);
    }

    private static void devices(
        final String kind,
        final YamlNode count,
        final YamlNode share,
        final YamlNode node,
        final List<SlotAmount> slots)
    {
        final long devices = null == count ? 1 : FieldSet.amount(count, Amounts::count);
        if (null == share)
        {
            add(kind + ".device", devices, node, slots);
            return;
        }
        final long thousandths = FieldSet.amount(share, Amounts::count);
        if (thousandths < 1 || thousandths > WHOLE)
        {
            throw share.problem(share.text() + " is no share: thousandths of a device, 1 to 1000");
        }
        if (devices > Long.MAX_VALUE / thousandths)
        {
            throw count.problem(count.text() + " is too large");
        }
        add(kind + ".shares", devices * thousandths, node, slots);
    }

    /** {@code cuda.device}, {@code cuda.shares} and other slots by their own names, here or under {@code slots}. */
    private static void further(final FieldSet kernels, final List<SlotAmount> slots)
    {
        final FieldSet given = kernels.object("slots");
        if (null != given)
        {
            for (final Map.Entry<String, YamlNode> slot : given.entries().entrySet())
            {
                AgentParser.checkSlot(slot.getKey(), slot.getValue());
                addNamed(slot.getKey(), slot.getValue(), slots);
            }
        }
        for (final Map.Entry<String, YamlNode> field : kernels.node().fields().entrySet())
        {
            if (field.getKey().contains(".") || !NAMED.contains(field.getKey()))
            {
                if (!field.getKey().contains("."))
                {
                    throw FieldSet.unknown(field.getKey(), field.getValue(), NAMED);
                }
                addNamed(field.getKey(), field.getValue(), slots);
            }
        }
    }

    private static void addNamed(final String slot, final YamlNode amount, final List<SlotAmount> slots)
    {
        add(slot, FieldSet.amount(amount, text -> Amounts.ofSlot(slot, text)), amount, slots);
    }

    private static void add(
        final String slot, final long amount, final YamlNode node, final List<SlotAmount> slots)
    {
        FieldSet.kept(node, slot);
        for (final SlotAmount known : slots)
        {
            if (known.name().equals(slot))
            {
                throw node.problem(slot + " is asked for twice");
            }
        }
        if (amount > 0)
        {
            slots.add(new SlotAmount(slot, amount));
        }
    }
}
