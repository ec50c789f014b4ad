package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.plimsoll.manager.callback.CallbackUrl;
import io.plimsoll.manager.control.GroupOption;
import io.plimsoll.manager.identity.IdlePolicy;
import io.plimsoll.manager.identity.Network;
import io.plimsoll.manager.identity.Policy;
import io.plimsoll.manager.view.LiveView;
import io.plimsoll.transport.Amounts;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The fields of a policy in bodies and answers; in the words of accounts, where those have it too. */
final class PolicyDraft
{
    static final List<String> FIELDS = List.of(
        "weight", "sessionsMax", "systemSessionsMax", "pendingMax", "kernelsMax", "priorityMax", "lifetimeMax",
        "idleTimeout", "lowUseWindow", "lowUseGrace", "lowUseCpu", "lowUseGpu", "allowedTypes", "allowedGroups",
        "limits", "pendingLimits", "requestsPerMinute", "networks", "callback");
    private static final int GROUPS_MAX = 64;
    private static final int NETWORKS_MAX = 64;
    private static final int NETWORK_LENGTH_MAX = 64;
    private static final Pattern SLOT = Pattern.compile("[a-z][a-z0-9._-]{0,63}");

    private final Map<String, Object> values = new LinkedHashMap<>();

    /** Reads a value; the parser stands on it. */
    void read(final String field, final JsonParser parser) throws IOException
    {
        values.put(field, JsonToken.VALUE_NULL == parser.currentToken() ? null : value(field, parser));
    }

    private static Object value(final String field, final JsonParser parser) throws IOException
    {
        return switch (field)
        {
            case "lifetimeMax", "idleTimeout", "lowUseWindow", "lowUseGrace" -> FieldReader.durationNs(parser);
            case "lowUseCpu", "lowUseGpu" -> (int)FieldReader.integer(
                parser, 0, 100, "a whole number from 0 to 100, in percent");
            case "allowedGroups" -> FieldReader.texts(
                parser, GROUPS_MAX, Names.LENGTH_MAX, "an array of names of resource groups");
            case "limits", "pendingLimits" -> limits(parser);
            case "requestsPerMinute" -> (int)FieldReader.integer(
                parser, 1, Integer.MAX_VALUE, "a whole number, 1 or more, or null for no limit");
            case "networks" -> networks(parser);
            case "callback" -> callback(parser);
            default -> AccountDraft.value(field, parser);
        };
    }

    private static List<String> networks(final JsonParser parser) throws IOException
    {
        final List<String> networks = FieldReader.texts(
            parser, NETWORKS_MAX, NETWORK_LENGTH_MAX, "an array of networks, such as 10.0.0.0/8 or fd00::/8");
        for (final String network : networks)
        {
            if (!Network.isValid(network))
            {
                throw FieldReader.problem(
                    "out-of-range", parser, "given a network \"" + network + "\"; right is an address, or one with a" +
                        " length, such as 10.0.0.0/8 or fd00::/8");
            }
        }
        return networks;
    }

    /** What the core would refuse later is refused now, while there is somebody to tell. */
    @SuppressWarnings("unchecked")
    private static Map<String, Long> limits(final JsonParser parser) throws IOException
    {
        final Map<String, Long> limits = (Map<String, Long>)AccountDraft.value("limits", parser);
        for (final String slot : limits.keySet())
        {
            if (!SLOT.matcher(slot).matches())
            {
                throw FieldReader.problem(
                    "out-of-range", parser, "given a slot \"" + slot + "\"; right is a name such as cpu, mem or" +
                        " cuda.device");
            }
        }
        return limits;
    }

    /** The policy with what was said; what was not stays as it is. */
    Policy over(final Policy base)
    {
        return new Policy(
            AccountDraft.merged(values, "limits", base.limits()),
            AccountDraft.merged(values, "pendingLimits", base.pendingLimits()),
            number("sessionsMax", base.sessionsMax(), -1),
            number("systemSessionsMax", base.systemSessionsMax(), -1),
            number("pendingMax", base.pendingMax(), -1),
            number("kernelsMax", base.kernelsMax(), -1),
            number("priorityMax", base.priorityMax(), Policy.PRIORITY_MAX),
            duration("lifetimeMax", base.lifetimeMaxNs()),
            new IdlePolicy(
                duration("idleTimeout", base.idle().timeoutNs()),
                duration("lowUseWindow", base.idle().windowNs()),
                duration("lowUseGrace", base.idle().graceNs()),
                number("lowUseCpu", base.idle().cpuPercent(), IdlePolicy.LOW_PERCENT),
                number("lowUseGpu", base.idle().gpuPercent(), IdlePolicy.LOW_PERCENT)),
            number("allowedTypes", base.allowedTypes(), 0),
            texts("allowedGroups", base.allowedGroups()),
            number("weight", base.weight(), Policy.WEIGHT),
            number("requestsPerMinute", base.requestsPerMinute(), 0),
            texts("networks", base.networks()),
            values.containsKey("callback") ? (String)values.get("callback") : base.callback());
    }

    /** A URL that is one; whether something may be sent there is looked at when it is. */
    static String callback(final JsonParser parser) throws IOException
    {
        final String text =
            FieldReader.text(parser, CallbackUrl.LENGTH_MAX, "a URL, such as https://hooks.example.org/");
        try
        {
            return CallbackUrl.parse(text).text();
        }
        catch (final IllegalArgumentException ex)
        {
            throw FieldReader.problem("out-of-range", parser, "given \"" + text + "\", which " + ex.getMessage());
        }
    }

    /** Throws if a limit is of what nobody has under that name. */
    void checkSlots(final LiveView view)
    {
        LimitNames.check(values, view);
    }

    /** What was said, for the audit log. */
    List<String> summary()
    {
        return values.entrySet().stream().map(value -> value.getKey() + "=" + value.getValue()).toList();
    }

    @SuppressWarnings("unchecked")
    private List<String> texts(final String field, final List<String> current)
    {
        final Object value = values.get(field);
        return values.containsKey(field) ? null == value ? List.of() : (List<String>)value : current;
    }

    private int number(final String field, final int current, final int none)
    {
        final Object value = values.get(field);
        return values.containsKey(field) ? null == value ? none : (int)value : current;
    }

    private long duration(final String field, final long current)
    {
        final Object value = values.get(field);
        return values.containsKey(field) ? null == value ? 0 : (long)value : current;
    }

    static void write(final JsonGenerator json, final Policy policy) throws IOException
    {
        JsonFields.decimal(json, "weight", policy.weight(), 3);
        JsonFields.longOrNull(json, "sessionsMax", policy.sessionsMax(), -1);
        JsonFields.longOrNull(json, "systemSessionsMax", policy.systemSessionsMax(), -1);
        JsonFields.longOrNull(json, "pendingMax", policy.pendingMax(), -1);
        JsonFields.longOrNull(json, "kernelsMax", policy.kernelsMax(), -1);
        json.writeNumberField("priorityMax", policy.priorityMax());
        duration(json, "lifetimeMax", policy.lifetimeMaxNs());
        duration(json, "idleTimeout", policy.idle().timeoutNs());
        duration(json, "lowUseWindow", policy.idle().windowNs());
        duration(json, "lowUseGrace", policy.idle().graceNs());
        json.writeNumberField("lowUseCpu", policy.idle().cpuPercent());
        json.writeNumberField("lowUseGpu", policy.idle().gpuPercent());
        texts(json, "allowedTypes", GroupOption.types(policy.allowedTypes()));
        texts(json, "allowedGroups", policy.allowedGroups());
        JsonFields.slots(json, "limits", policy.limits());
        JsonFields.slots(json, "pendingLimits", policy.pendingLimits());
        JsonFields.longOrNull(json, "requestsPerMinute", policy.requestsPerMinute(), 0);
        texts(json, "networks", policy.networks());
        JsonFields.textOrNull(json, "callback", policy.callback());
    }

    private static void duration(final JsonGenerator json, final String name, final long durationNs)
        throws IOException
    {
        JsonFields.textOrNull(json, name, 0 == durationNs ? null : Amounts.formatDuration(durationNs));
    }

    static void texts(final JsonGenerator json, final String name, final Iterable<String> texts) throws IOException
    {
        json.writeArrayFieldStart(name);
        for (final String text : texts)
        {
            json.writeString(text);
        }
        json.writeEndArray();
    }
}
