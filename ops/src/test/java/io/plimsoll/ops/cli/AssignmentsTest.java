package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class AssignmentsTest
{
    @Test
    void shouldMakeAnObjectWithSectionsOfArguments()
    {
        assertEquals(
            "{\"order\":\"drf\",\"limits\":{\"cpu\":1.5,\"cuda.device\":4,\"mem\":null},\"backfill\":\"none\"," +
                "\"allowedTypes\":[\"batch\",\"system\"],\"pendingTimeout\":\"5m\"}",
            JsonValue.of(Assignments.object(List.of(
                "order=drf", "limits.cpu=1.5", "limits.cuda.device=4", "limits.mem=none", "backfill=none",
                "allowedTypes=batch,system", "pendingTimeout=5m"))).toString());
    }

    @Test
    void shouldSayWhatIsNoAssignment()
    {
        assertThrows(CliException.class, () -> Assignments.object(List.of("order")));
        assertThrows(CliException.class, () -> Assignments.object(List.of("=fifo")));
        assertThrows(CliException.class, () -> Assignments.object(List.of("limits=1", "limits.cpu=2")));
    }
}
