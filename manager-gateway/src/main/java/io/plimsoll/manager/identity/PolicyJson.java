package io.plimsoll.manager.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Policies as the database keeps them: what is not limited is not there. What a later version adds is not read. */
final class PolicyJson
{
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private PolicyJson()
    {
    }

    static String write(final Policy policy)
    {
        final Policy none = Policy.UNLIMITED;
        final ObjectNode json = MAPPER.createObjectNode();
        amounts(json, "limits", policy.limits());
        amounts(json, "pendingLimits", policy.pendingLimits());
        number(json, "sessionsMax", policy.sessionsMax(), none.sessionsMax());
        number(json, "systemSessionsMax", policy.systemSessionsMax(), none.systemSessionsMax());
        number(json, "pendingMax", policy.pendingMax(), none.pendingMax());
        number(json, "kernelsMax", policy.kernelsMax(), none.kernelsMax());
        number(json, "priorityMax", policy.priorityMax(), none.priorityMax());
        number(json, "lifetimeMaxNs", policy.lifetimeMaxNs(), none.lifetimeMaxNs());
        number(json, "idleTimeoutNs", policy.idle().timeoutNs(), 0);
        number(json, "lowUseWindowNs", policy.idle().windowNs(), 0);
        number(json, "lowUseGraceNs", policy.idle().graceNs(), 0);
        number(json, "lowUseCpu", policy.idle().cpuPercent(), IdlePolicy.LOW_PERCENT);
        number(json, "lowUseGpu", policy.idle().gpuPercent(), IdlePolicy.LOW_PERCENT);
        number(json, "allowedTypes", policy.allowedTypes(), none.allowedTypes());
        number(json, "weight", policy.weight(), none.weight());
        number(json, "requestsPerMinute", policy.requestsPerMinute(), none.requestsPerMinute());
        texts(json, "allowedGroups", policy.allowedGroups());
        texts(json, "networks", policy.networks());
        if (null != policy.callback())
        {
            json.put("callback", policy.callback());
        }
        return json.toString();
    }

    private static void texts(final ObjectNode json, final String name, final List<String> texts)
    {
        if (!texts.isEmpty())
        {
            final ArrayNode array = json.putArray(name);
            texts.forEach(array::add);
        }
    }

    private static void amounts(final ObjectNode json, final String name, final Map<String, Long> amounts)
    {
        if (!amounts.isEmpty())
        {
            final ObjectNode object = json.putObject(name);
            amounts.forEach(object::put);
        }
    }

    private static void number(final ObjectNode json, final String name, final long value, final long none)
    {
        if (value != none)
        {
            json.put(name, value);
        }
    }

    static Policy read(final String text)
    {
        final JsonNode json;
        try
        {
            json = MAPPER.readTree(text);
        }
        catch (final JsonProcessingException ex)
        {
            throw new IllegalArgumentException("a policy in the database is no JSON: " + text, ex);
        }
        final Policy none = Policy.UNLIMITED;
        return new Policy(
            amounts(json.path("limits")),
            amounts(json.path("pendingLimits")),
            json.path("sessionsMax").asInt(none.sessionsMax()),
            json.path("systemSessionsMax").asInt(none.systemSessionsMax()),
            json.path("pendingMax").asInt(none.pendingMax()),
            json.path("kernelsMax").asInt(none.kernelsMax()),
            json.path("priorityMax").asInt(none.priorityMax()),
            json.path("lifetimeMaxNs").asLong(none.lifetimeMaxNs()),
            new IdlePolicy(
                json.path("idleTimeoutNs").asLong(0),
                json.path("lowUseWindowNs").asLong(0),
                json.path("lowUseGraceNs").asLong(0),
                json.path("lowUseCpu").asInt(IdlePolicy.LOW_PERCENT),
                json.path("lowUseGpu").asInt(IdlePolicy.LOW_PERCENT)),
            json.path("allowedTypes").asInt(none.allowedTypes()),
            texts(json.path("allowedGroups")),
            json.path("weight").asInt(none.weight()),
            json.path("requestsPerMinute").asInt(none.requestsPerMinute()),
            texts(json.path("networks")),
            json.path("callback").asText(null));
    }

    /** In order of the names, as everything that is compared. */
    private static Map<String, Long> amounts(final JsonNode json)
    {
        final Map<String, Long> amounts = new TreeMap<>();
        for (final Map.Entry<String, JsonNode> amount : json.properties())
        {
            amounts.put(amount.getKey(), amount.getValue().asLong());
        }
        return Collections.unmodifiableMap(amounts);
    }

    private static List<String> texts(final JsonNode json)
    {
        final List<String> texts = new ArrayList<>();
        json.forEach(text -> texts.add(text.asText()));
        return List.copyOf(texts);
    }
}
