package io.plimsoll.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class DoctorCommandTest
{
    private final DoctorCommand doctor = new DoctorCommand(null);

    @Test
    void shouldSayWhetherAManagerThatIsRootCanStartItsDatabase()
    {
        doctor.checkDatabase(false, List.of("false"));
        doctor.checkDatabase(true, List.of("true"));
        doctor.checkDatabase(true, List.of("false"));
        doctor.checkDatabase(true, List.of("/there/is/no/such/command"));
        assertEquals(
            List.of("ok", "ok", "warn", "warn"),
            doctor.checks().stream().map(check -> check.get("status")).toList());
        assertTrue(doctor.checks().get(2).get("advice").toString().contains("database.url"));
    }
}
