package io.plimsoll.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.plimsoll.transport.HostDocument;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How a host's description comes to the manager. */
class HostSenderTest
{
    private final AgentHarness harness = new AgentHarness();
    private final byte[] document = new byte[2 * HostDocument.PART_MAX + 5];

    private void offer()
    {
        new Random(1).nextBytes(document);
        harness.agent.offer(new Offer(List.of(new Capacity("cpu", false, 2000)), Map.of(), List.of(), document));
    }

    @Test
    void shouldSendItInPartsOnceAConnection()
    {
        harness.start();
        offer();
        harness.step(50);
        assertEquals(AgentState.ACTIVE, harness.agent.status().state());
        assertEquals(List.of("0", "1", "2 last"), harness.manager.hostParts);
        assertArrayEquals(document, harness.manager.host.toByteArray());

        harness.manager.closeLink();
        harness.pass(10_000_000_000L, 10 * AgentHarness.STEP_NS);
        assertEquals(List.of("0", "1", "2 last", "0", "1", "2 last"), harness.manager.hostParts);
    }

    @Test
    void shouldSendItAnewWhenItChanges()
    {
        harness.start().step(50);
        assertEquals(List.of(), harness.manager.hostParts);
        offer();
        harness.pass(10_000_000_000L, 10 * AgentHarness.STEP_NS);
        assertEquals(List.of("0", "1", "2 last"), harness.manager.hostParts);
    }

    @Test
    void shouldKeepItFromAManagerThatWouldTakeItForAnAttack()
    {
        harness.manager.version = 3;
        harness.start();
        offer();
        harness.step(50);
        assertEquals(AgentState.ACTIVE, harness.agent.status().state());
        assertEquals(List.of(), harness.manager.hostParts);
    }
}
