package io.plimsoll.loadtest.proof;

import io.plimsoll.core.pipeline.CommandHandler;
import io.plimsoll.core.sbe.AccountLevel;
import io.plimsoll.core.sbe.ConfigureAccountEncoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.MessageHeaderEncoder;
import io.plimsoll.core.sbe.SubmitSessionsEncoder;
import io.plimsoll.loadtest.workload.CommandEncoder;
import io.plimsoll.loadtest.workload.CoreDriver;
import io.plimsoll.loadtest.workload.CoreWorkload;
import org.agrona.concurrent.UnsafeBuffer;

/** A generated life of a cluster whose sessions belong to a few users. */
final class OwnedLife
{
    static final int USERS = 3;
    private static final int HEADER = MessageHeaderEncoder.ENCODED_LENGTH;

    private final UnsafeBuffer command = new UnsafeBuffer(new byte[1 << 17]);
    private final SubmitSessionsEncoder submit = new SubmitSessionsEncoder();
    private final CoreWorkload workload;
    private final RecordTape tape = new RecordTape();
    private final CoreDriver driver;
    private int submissions;

    private OwnedLife(final CommandHandler core, final CoreWorkload workload)
    {
        this.workload = workload;
        driver = new CoreDriver(
            core,
            record ->
            {
                tape.append(record);
                workload.onRecord(record);
            });
    }

    /** Lets it be lived: a time in which anything may happen, then as long without anything new. */
    static RecordTape record(final CommandHandler core, final CoreWorkload workload, final int commands)
    {
        final OwnedLife life = new OwnedLife(core, workload);
        for (int i = 0; i < 2 * commands; i++)
        {
            if (1 == i)
            {
                // The first command has to be that of a reign.
                life.configureUsers();
            }
            if (commands == i)
            {
                workload.calm();
            }
            life.step();
        }
        return life.tape;
    }

    private void configureUsers()
    {
        final MessageHeaderEncoder header = new MessageHeaderEncoder();
        for (int user = 1; user <= USERS; user++)
        {
            final ConfigureAccountEncoder account = new ConfigureAccountEncoder()
                .wrapAndApplyHeader(command, 0, header)
                .correlationId(0)
                .source(CommandEncoder.SOURCE)
                .accountId(user)
                .parentId(0)
                .level(AccountLevel.USER)
                .weight(1_000)
                .sessionsMax(-1)
                .systemSessionsMax(-1)
                .pendingMax(-1)
                .kernelsMax(-1)
                .priorityMax((short)100)
                .allowedTypes((short)0);
            account.limitsCount(0);
            account.pendingLimitsCount(0);
            account.accountName("user-" + user);
            driver.feed(command, 0, HEADER + account.encodedLength(), workload.nowNs());
        }
    }

    private void step()
    {
        final int length = workload.next();
        if (0 == length)
        {
            driver.advance(workload.nowNs());
            return;
        }
        command.putBytes(0, workload.buffer(), 0, length);
        if (SubmitSessionsEncoder.TEMPLATE_ID == new MessageHeaderDecoder().wrap(command, 0).templateId())
        {
            submit.wrap(command, HEADER).ownerId(1 + submissions++ % USERS);
        }
        driver.feed(command, 0, length, workload.nowNs());
    }
}
