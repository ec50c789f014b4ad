package io.plimsoll.agent.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plimsoll.agent.topology.HostTopology;
import io.plimsoll.agent.topology.TopologyReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whatever stands in the documents or requests, there is an answer, or one sentence that names the field. More rounds:
 * {@code -Dplimsoll.odd.rounds=N}.
 */
class OddInputTest
{
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HOST = """
        {"numa": [{"id": 0, "cpus": "0-3,8-11", "memory": "8g"}, {"id": 1, "cpus": "4-7", "memory": "8g"}],
         "distances": [[10, 21], [21, 10]],
         "devices": [{"id": "g0", "slot": "cuda.device", "numa": 0, "capacity": 1, "model": "A", "pci": "0:1",
           "path": ["0:0"]}, {"id": "g1", "slot": "cuda.device", "numa": 1, "memory": "1g"},
          {"id": "s0", "slot": "x.shares", "numa": 1, "capacity": 1.5, "quantum": 0.25},
          {"id": "m0", "slot": "mig", "unique": true, "parent": "g2"}],
         "cores": [{"cpus": "0,8"}, {"cpus": "1,9"}], "nics": [{"name": "eth0", "numa": 0}],
         "links": [{"from": "g0", "to": "g1", "count": 2}], "exclusive": [["mig", "cuda.*"]],
         "reserved": {"cpus": "0", "memory": "1g"}}""";
    private static final String TAKEN = """
        [{"request": "cuda.device=1,cpu=2,mem=1g", "granted": {"g0": 1}, "cpus": "1,9", "memoryNodes": "0",
          "memory": {"0": 1073741824}}, {"request": "cpu=0.5,mem=1g", "granted": {"s0": 0.5}, "cpus": "4", "cpu": 0.5,
          "memoryNodes": "1"}, {"request": "x=1", "refused": "InsufficientResource: x"}]""";
    private static final String[] VALUES = {
        "null", "true", "0", "-1", "1", "0.5", "1e300", "9223372036854775807", "2147483648", "[]", "{}", "[[]]",
        "[null]", "\"\"", "\" \"", "\"0-3\"", "\"3-0\"", "\"0-2000000000\"", "\"-1\"", "\"8e\"", "\"64g\"", "\"x\"",
        "\"cuda.device\"", "\"g0\"", "\"cpu\"", "\"mem\"", "[1, 2]", "{\"id\": 0}", "\"99999999999999999999g\""};
    private static final String[] REQUESTS = {
        "cpu=1", "cpu=0.3", "cuda.device=1,cpu=8,mem=2g", "cuda.shares=0.5", "x.shares=1.4", "mig=1", "cpu=0",
        "mem=20g", "nosuch=1", "cuda.device=2,x.shares=0.25,cuda.shares=0.1"};

    @Test
    void shouldAnswerOrSayWhatIsWrongWhateverStandsInTheDocuments() throws IOException
    {
        final SplittableRandom random = new SplittableRandom(5);
        int refused = 0;
        final int rounds = Integer.getInteger("plimsoll.odd.rounds", 1_500);
        for (int i = 0; i < rounds; i++)
        {
            final String host = changed(HOST, random);
            final String taken = random.nextBoolean() ? TAKEN : changed(TAKEN, random);
            final AllocationOptions options = new AllocationOptions(
                Split.values()[random.nextInt(Split.values().length)],
                Affinity.values()[random.nextInt(Affinity.values().length)], random.nextBoolean(), 1);
            try
            {
                serve(host, taken, options);
            }
            catch (final IllegalArgumentException e)
            {
                refused++;
                assertFalse(e.getMessage().isBlank() || e.getMessage().contains("\n"), e.getMessage());
            }
            catch (final RuntimeException e)
            {
                throw new AssertionError("host " + host + "\ntaken " + taken, e);
            }
        }
        assertTrue(refused > rounds / 4 && refused < rounds, () -> "not a mixture of both in " + rounds);
    }

    private static void serve(final String host, final String taken, final AllocationOptions options)
    {
        final HostTopology topology = TopologyReader.read(host);
        final Allocator allocator = new Allocator(topology);
        AllocationJson.read(taken, topology).forEach(allocator::claim);
        for (final String request : REQUESTS)
        {
            AllocationJson.serve(allocator, options, List.of(ResourceRequest.parse(request))).toString();
        }
    }

    /** With one or two values or fields replaced, left out or doubled. */
    private static String changed(final String json, final SplittableRandom random) throws IOException
    {
        final JsonNode root = JSON.readTree(json);
        for (int changes = random.nextInt(1, 3); changes > 0; changes--)
        {
            final List<JsonNode> inner = new ArrayList<>();
            collect(root, inner);
            final JsonNode parent = inner.get(random.nextInt(inner.size()));
            final JsonNode value = JSON.readTree(VALUES[random.nextInt(VALUES.length)]);
            if (parent instanceof final ObjectNode object)
            {
                final List<String> names = new ArrayList<>();
                object.fieldNames().forEachRemaining(names::add);
                final String name = names.get(random.nextInt(names.size()));
                if (0 == random.nextInt(3))
                {
                    object.remove(name);
                }
                else
                {
                    object.set(name, value);
                }
            }
            else
            {
                final ArrayNode array = (ArrayNode)parent;
                final int at = random.nextInt(array.size());
                switch (random.nextInt(3))
                {
                    case 0 -> array.remove(at);
                    case 1 -> array.add(array.get(at).deepCopy());
                    default -> array.set(at, value);
                }
            }
        }
        return root.toString();
    }

    private static void collect(final JsonNode from, final List<JsonNode> to)
    {
        if (from.isContainerNode() && !from.isEmpty())
        {
            to.add(from);
            from.forEach(child -> collect(child, to));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "|is not a JSON object",
        "{|is not JSON: Unexpected end-of-input: expected close marker for Object at line 1",
        "{\"numa\":[{\"cpus\":\"0\"}]}x|is not JSON: ",
        "{}|numa: is missing or empty",
        "{\"numa\":[{\"memory\":NaN}]}|is not JSON: Non-standard token 'NaN' at line 1",
        "{\"numa\":[{\"cpus\":\"0\"}],\"reserved\":\"0\"}|reserved: is to be an object",
        "{\"numa\":[{\"cpus\":\"0\"}],\"nics\":[{\"name\":\"e\",\"numa\":7}]}|nics[0].numa: there is no node 7",
        "{\"numa\":[{}]}|numa[0]: is to be a node",
        "{\"numa\":[1]}|numa[0]: is to be a node",
        "{\"numa\":[{\"id\":-1,\"cpus\":\"0\"}]}|numa[0].id: is to be a whole number from 0 to 1023",
        "{\"numa\":[{\"id\":2000000000,\"cpus\":\"0\"}]}|numa[0].id: is to be a whole number from 0 to 1023",
        "{\"numa\":[{\"id\":1,\"cpus\":\"0\"},{\"cpus\":\"1\"}]}|numa[1].id: there are two nodes 1",
        "{\"numa\":[{\"cpus\":\"0-2000000000\"}]}|numa[0].cpus: is to be a list of processors",
        "{\"numa\":[{\"cpus\":\"0\",\"memory\":\"9p\"}]}|numa[0].memory: 9p is more than a host can have",
        "{\"numa\":[{\"cpus\":\"0\"}],\"devices\":[{\"id\":\"a\",\"slot\":\"x\",\"unique\":\"yes\"}]}|" +
            "devices[0].unique: is to be true or false",
        "{\"numa\":[{\"cpus\":\"0\"}],\"devices\":[{\"id\":\"g0-0\",\"slot\":\"cuda.mig-1g.10gb\",\"parent\":\"g0\"}," +
            "{\"id\":\"g0\",\"slot\":\"cuda.device\"}]}|devices[0].parent: g0 is offered whole (cuda.device) beside " +
            "its slice g0-0 (cuda.mig-1g.10gb): a device that is cut into slices cannot be had whole; leave out g0, or",
        "{\"numa\":[{\"cpus\":\"0\"}],\"devices\":[{\"id\":\"a\",\"slot\":\"x\",\"parent\":\"b\"}," +
            "{\"id\":\"c\",\"slot\":\"x\",\"parent\":\"c\"}]}|devices[1].parent: c is offered whole (x) beside its",
    })
    void shouldNameTheFieldOfAHost(final String json, final String expected)
    {
        final String message = assertThrows(
            IllegalArgumentException.class, () -> TopologyReader.read(null == json ? "" : json)).getMessage();
        assertTrue(message.startsWith(expected), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "[{\"granted\":{\"g0\":1},\"memory\":\"1g\"}]|[0].memory: is to be an object such as {\"0\": \"16g\"}",
        "[{\"granted\":{},\"memory\":{\"0\":\"x\"}}]|[0].memory.0: x is not a size",
        "[{\"granted\":{},\"memory\":{\"0\":-1}}]|[0].memory.0: -1 cannot be negative",
        "[{\"granted\":{\"g0\":1e300}}]|[0].granted.g0: is to be a number from 0 on",
        "[{\"granted\":{\"g9\":1}}]|[0].granted: the host has no device g9",
        "[{\"granted\":{\"s0\":1.6}}]|[0].granted.s0: is more than the device has",
        "[{\"cpus\":[0]}]|[0].cpus: is to be a list",
        "[{\"cpus\":\"0-2000000000\"}]|[0].cpus: is to be a list",
        "[{\"cpus\":\"0\"}]]|is not JSON: ",
        "[{\"cpus\":\"0-20\"}]|[0].cpus: the host has no processor 12",
    })
    void shouldNameTheFieldOfWhatIsTaken(final String json, final String expected)
    {
        final HostTopology host = TopologyReader.read(HOST);
        final String message =
            assertThrows(IllegalArgumentException.class, () -> AllocationJson.read(json, host)).getMessage();
        assertTrue(message.startsWith(expected), message);
    }

    @Test
    void shouldNumberNodesThatDoNotSayTheirs()
    {
        assertEquals(1, TopologyReader.read("{\"numa\":[{\"cpus\":\"0\"},{\"cpus\":\"1\"}]}").numa().get(1).id());
    }
}
