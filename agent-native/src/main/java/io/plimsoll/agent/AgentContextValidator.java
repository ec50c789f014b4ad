package io.plimsoll.agent;

import io.plimsoll.agent.runtime.ServicePorts;
import java.util.Map;
import java.util.regex.Pattern;

/** Says what is wrong with a context before anything is started, and what would be right. */
final class AgentContextValidator
{
    private static final int PORT_MAX = 65_535;
    private static final int DEVICES_MAX = 64;
    private static final int LABELS_MAX = 64;
    private static final Pattern LABEL_KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,63}");
    private static final Pattern LABEL_VALUE = Pattern.compile("[^|\\p{Cntrl}]{1,64}");

    private AgentContextValidator()
    {
    }

    static AgentContext checked(final AgentContext context)
    {
        if (null == context.dataDirectory())
        {
            throw new IllegalArgumentException("the agent needs a data directory");
        }
        if (null == context.managerLookup() && (context.managerPort() < 1 || context.managerPort() > PORT_MAX))
        {
            throw new IllegalArgumentException(
                "port of the manager " + context.managerPort() + ": use 1 to " + PORT_MAX);
        }
        if (context.logBytesMax() < 1)
        {
            throw new IllegalArgumentException("logBytesMax " + context.logBytesMax() + ": use at least 1");
        }
        ServicePorts.checkRange(context.ports());
        for (final Map.Entry<String, Long> capacity : context.capacities().entrySet())
        {
            check(capacity.getKey(), capacity.getValue());
        }
        if (context.labels().size() > LABELS_MAX)
        {
            throw new IllegalArgumentException(
                context.labels().size() + " labels: an agent has at most " + LABELS_MAX);
        }
        context.labels().forEach(AgentContextValidator::checkLabel);
        return context;
    }

    private static void checkLabel(final String key, final String value)
    {
        if (!LABEL_KEY.matcher(key).matches())
        {
            throw new IllegalArgumentException(
                "label " + key + ": a key has at most 64 letters, digits, dots, slashes, dashes and underscores");
        }
        if (!LABEL_VALUE.matcher(value).matches())
        {
            throw new IllegalArgumentException(
                "label " + key + ": the value has 1 to 64 characters, no control characters and no |");
        }
    }

    private static void check(final String slot, final long amount)
    {
        if (amount < 0)
        {
            throw new IllegalArgumentException("capacity of " + slot + " " + amount + ": cannot be negative");
        }
        if (Capacity.isDevice(slot) && amount > DEVICES_MAX)
        {
            throw new IllegalArgumentException(
                "capacity of " + slot + " " + amount + ": an agent has at most " + DEVICES_MAX + " devices of a kind");
        }
    }
}
