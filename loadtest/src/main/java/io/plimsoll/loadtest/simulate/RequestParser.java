package io.plimsoll.loadtest.simulate;

import io.plimsoll.core.sbe.ConstraintKind;
import io.plimsoll.loadtest.simulate.Scenario.SlotAmount;
import io.plimsoll.loadtest.simulate.SessionSpec.Constraint;
import io.plimsoll.loadtest.simulate.SessionSpec.Request;
import io.plimsoll.transport.Amounts;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads what the kernels of a session need. Kernels of one session are all of one size, as in the core. */
final class RequestParser
{
    private static final int KERNELS_MAX = 1024;
    private static final int WHOLE = 1000;
    private static final long CPU_DEFAULT = 1000;
    private static final List<String> NAMED =
        List.of("cpu", "mem", "count", "gpu", "devices", "slots", "cuda.device", "cuda.shares");

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
        Request whole = null;
        for (final YamlNode node : session.list("kernels"))
        {
            final Request part = kernels(node, constraints, null == whole);
            if (null != whole && !whole.slots().equals(part.slots()) ||
                null != whole && (whole.cpuMillis() != part.cpuMillis() || whole.memoryBytes() != part.memoryBytes()))
            {
                throw node.problem("all kernels of a session have the same size; use sessions for different ones");
            }
            final int count = part.kernels() + (null == whole ? 0 : whole.kernels());
            if (count > KERNELS_MAX)
            {
                throw node.problem(count + " kernels are too many: at most " + KERNELS_MAX);
            }
            whole = new Request(count, part.cpuMillis(), part.memoryBytes(), part.slots());
        }
        return null == whole ? new Request(1, CPU_DEFAULT, 0, List.of()) : whole;
    }

    private static Request kernels(final YamlNode node, final List<Constraint> constraints, final boolean first)
    {
        final FieldSet fields = new FieldSet(node);
        final int count = (int)fields.count("count", 1, 1, KERNELS_MAX);
        final List<SlotAmount> slots = new ArrayList<>();
        if (fields.has("gpu"))
        {
            devices(fields.find("gpu"), "cuda", slots);
        }
        for (final YamlNode devices : fields.list("devices"))
        {
            final FieldSet wanted = new FieldSet(devices);
            final String kind = wanted.text("kind", "cuda");
            final YamlNode deviceCount = wanted.find("count");
            final YamlNode share = wanted.find("share");
            if (wanted.has("model") && first)
            {
                constraints.add(new Constraint(
                    ConstraintKind.LABEL_IN,
                    kind + SessionSpec.MODEL_LABEL,
                    String.join("|", wanted.texts("model"))));
            }
            wanted.end();
            devices(kind, deviceCount, share, devices, slots);
        }
        further(fields, slots);
        return new Request(count, fields.cpuMillis("cpu", CPU_DEFAULT), fields.bytes("mem", 0), List.copyOf(slots));
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
                add(slot.getKey(), FieldSet.amount(slot.getValue(), Amounts::count), slot.getValue(), slots);
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
                add(field.getKey(), FieldSet.amount(field.getValue(), Amounts::count), field.getValue(), slots);
            }
        }
    }

    private static void add(
        final String slot, final long amount, final YamlNode node, final List<SlotAmount> slots)
    {
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
