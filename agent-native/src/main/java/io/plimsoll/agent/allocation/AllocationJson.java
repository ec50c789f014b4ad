package io.plimsoll.agent.allocation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plimsoll.agent.runtime.CpuList;
import io.plimsoll.agent.topology.HostDevice;
import io.plimsoll.agent.topology.HostTopology;
import io.plimsoll.agent.topology.TopologyReader;
import io.plimsoll.transport.Amounts;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Answers to requests as JSON: {@code {"request", "granted": {DEVICE: AMOUNT}, "cpus", "memoryNodes", "memory": {NODE:
 * BYTES}}} or {@code {"request", "refused": REASON}}. What was answered can be read again as what is taken already.
 */
public final class AllocationJson
{
    private static final JsonMapper JSON = JsonMapper.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();
    private static final int DIGITS = 3;
    /** Beyond all hosts; sums of it are still numbers. */
    private static final long AMOUNT_MAX = 1L << 50;

    private AllocationJson()
    {
    }

    /**
     * Serves requests one after the other from what remains.
     *
     * @param allocator that gives; it is left with what remains.
     * @param options   how.
     * @param requests  to serve.
     * @return an answer each.
     */
    public static ArrayNode serve(
        final Allocator allocator, final AllocationOptions options, final List<ResourceRequest> requests)
    {
        final ArrayNode answers = JSON.createArrayNode();
        for (final ResourceRequest request : requests)
        {
            final ObjectNode answer = answers.addObject().put("request", request.text());
            try
            {
                write(allocator.allocate(request, options), answer);
            }
            catch (final AllocationException e)
            {
                answer.put("refused", e.getMessage());
            }
        }
        return answers;
    }

    /** Whether any was refused. */
    public static boolean isRefused(final ArrayNode answers)
    {
        for (final JsonNode answer : answers)
        {
            if (answer.has("refused"))
            {
                return true;
            }
        }
        return false;
    }

    private static void write(final Grant grant, final ObjectNode answer)
    {
        final ObjectNode granted = answer.putObject("granted");
        grant.devices().forEach((device, millis) -> granted.put(device, plain(millis)));
        answer.put("cpus", CpuList.format(grant.cpus()));
        if (grant.cpuMillis() % HostDevice.MILLIS != 0)
        {
            answer.put("cpu", plain(grant.cpuMillis()));
        }
        answer.put("memoryNodes", CpuList.format(grant.memoryNodes()));
        final ObjectNode memory = answer.putObject("memory");
        grant.memory().forEach((node, bytes) -> memory.put(Integer.toString(node), bytes));
    }

    private static BigDecimal plain(final long millis)
    {
        final BigDecimal amount = BigDecimal.valueOf(millis, DIGITS).stripTrailingZeros();
        return amount.scale() < 0 ? amount.setScale(0) : amount;
    }

    /**
     * Reads what is taken already: answers, or one of them.
     *
     * @param json to read.
     * @param host that it is taken from.
     * @return who has what; refused requests have nothing.
     * @throws IllegalArgumentException that names the field and what would be right, also if together they have more
     *                                  than the host.
     */
    public static List<Grant> read(final String json, final HostTopology host)
    {
        final JsonNode root;
        try
        {
            root = JSON.readTree(json);
        }
        catch (final JsonProcessingException e)
        {
            throw new IllegalArgumentException("is not JSON: " + TopologyReader.what(e), e);
        }
        require(root.isArray() || root.isObject(),
            "is to be an array of answers, such as [{\"granted\": {\"cuda0\": 1}, \"cpus\": \"0-3\"}]");
        final List<Grant> grants = new ArrayList<>();
        final Taken taken = new Taken(host);
        for (int i = 0; i < (root.isArray() ? root.size() : 1); i++)
        {
            final JsonNode answer = root.isArray() ? root.get(i) : root;
            final String field = root.isArray() ? "[" + i + "]." : "";
            require(answer.isObject() && (answer.has("granted") || answer.has("cpus") || answer.has("refused")),
                (root.isArray() ? "[" + i + "]: " : "") +
                    "is to be an answer, such as {\"granted\": {\"cuda0\": 1}, \"cpus\": \"0-3\"}");
            if (!answer.has("refused"))
            {
                final Grant grant = grant(answer, field, host, taken);
                taken.add(grant, field);
                grants.add(grant);
            }
        }
        return grants;
    }

    private static Grant grant(
        final JsonNode answer, final String field, final HostTopology host, final Taken taken)
    {
        final BitSet cpus = cpus(answer.path("cpus"), field + "cpus");
        final BitSet unknown = (BitSet)cpus.clone();
        host.numa().forEach(node -> unknown.andNot(node.cpus()));
        require(unknown.isEmpty(), field + "cpus: the host has no processor " + unknown.nextSetBit(0));
        final long cpuMillis = answer.hasNonNull("cpu") ?
            millis(answer.get("cpu"), field + "cpu") : cpus.cardinality() * HostDevice.MILLIS;
        require(cpuMillis <= cpus.cardinality() * HostDevice.MILLIS,
            field + "cpu: is more than the processors in cpus are");
        final BitSet nodes = cpus(answer.path("memoryNodes"), field + "memoryNodes");
        nodes.stream().forEach(node ->
            require(host.indexOf(node) >= 0, field + "memoryNodes: there is no node " + node));
        final Map<Integer, Long> memory = answer.hasNonNull("memory") ?
            memory(answer, field, host) : spread(answer, field, nodes, taken);
        return new Grant(devices(answer, field, host), cpus, cpuMillis, memory, nodes);
    }

    private static Map<String, Long> devices(final JsonNode answer, final String field, final HostTopology host)
    {
        final Map<String, Long> devices = new LinkedHashMap<>();
        final JsonNode granted = answer.path("granted");
        require(granted.isMissingNode() || granted.isNull() || granted.isObject(),
            field + "granted: is to be an object such as {\"cuda0\": 1}");
        for (final Map.Entry<String, JsonNode> device : granted.properties())
        {
            final String name = field + "granted." + device.getKey();
            final long capacity = host.devices().stream().filter(one -> one.id().equals(device.getKey()))
                .mapToLong(HostDevice::capacityMillis).findFirst().orElse(-1);
            require(capacity >= 0, field + "granted: the host has no device " + device.getKey());
            final long amount = millis(device.getValue(), name);
            require(amount <= capacity, name + ": is more than the device has");
            devices.put(device.getKey(), amount);
        }
        return devices;
    }

    private static Map<Integer, Long> memory(final JsonNode answer, final String field, final HostTopology host)
    {
        final Map<Integer, Long> memory = new TreeMap<>();
        require(answer.path("memory").isObject(), field + "memory: is to be an object such as {\"0\": \"16g\"}");
        for (final Map.Entry<String, JsonNode> node : answer.path("memory").properties())
        {
            final String name = field + "memory." + node.getKey();
            try
            {
                final int id = Integer.parseInt(node.getKey());
                require(host.indexOf(id) >= 0, name + ": there is no such node");
                memory.put(id, bytes(node.getValue(), name));
            }
            catch (final NumberFormatException e)
            {
                throw new IllegalArgumentException(name + ": is to be the number of a node", e);
            }
        }
        return memory;
    }

    private static long bytes(final JsonNode value, final String field)
    {
        try
        {
            final long bytes = Amounts.bytes(value.asText());
            require(bytes >= 0 && bytes <= AMOUNT_MAX, "it is to be from 0 on");
            return bytes;
        }
        catch (final IllegalArgumentException e)
        {
            throw new IllegalArgumentException(field + ": " + e.getMessage(), e);
        }
    }

    private static long millis(final JsonNode value, final String field)
    {
        require(value.isNumber() && value.decimalValue().signum() >= 0 &&
            value.decimalValue().compareTo(BigDecimal.valueOf(AMOUNT_MAX)) <= 0,
            field + ": is to be a number from 0 on");
        final BigDecimal millis = value.decimalValue().movePointRight(DIGITS);
        require(millis.stripTrailingZeros().scale() <= 0, field + ": is finer than a thousandth");
        return millis.longValueExact();
    }

    /** Where an answer does not say how much is on which node, each has as much. */
    private static Map<Integer, Long> spread(
        final JsonNode answer, final String field, final BitSet nodes, final Taken taken)
    {
        if (!answer.has("request") || nodes.isEmpty())
        {
            return Map.of();
        }
        try
        {
            final long wanted = ResourceRequest.parse(answer.get("request").asText()).amount(ResourceRequest.MEM);
            require(wanted >= 0, "mem: cannot be negative");
            return taken.spread(wanted, nodes);
        }
        catch (final IllegalArgumentException e)
        {
            throw new IllegalArgumentException(field + "request: " + e.getMessage(), e);
        }
    }

    private static BitSet cpus(final JsonNode value, final String field)
    {
        try
        {
            require(value.isMissingNode() || value.isValueNode(), field + ": is to be a list such as \"0-3,8\"");
            return value.isMissingNode() || value.isNull() ? new BitSet() : CpuList.parse(value.asText());
        }
        catch (final NumberFormatException | IndexOutOfBoundsException e)
        {
            throw new IllegalArgumentException(field + ": is to be a list such as \"0-3,8\"", e);
        }
    }

    private static void require(final boolean holds, final String rule)
    {
        if (!holds)
        {
            throw new IllegalArgumentException(rule);
        }
    }
}
