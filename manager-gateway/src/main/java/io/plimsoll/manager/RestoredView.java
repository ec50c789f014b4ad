package io.plimsoll.manager;

import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.sbe.ManagerStartedDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.PoisonedDecoder;
import io.plimsoll.manager.egress.RecordDispatcher;
import io.plimsoll.manager.egress.SpecStore;
import io.plimsoll.manager.view.LiveViewStore;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What readers will see, filled from the journal before there are stages: show it every record in order, then hand it
 * to {@link ManagerStages}. Nothing is sent and nobody is answered while it is filled.
 */
public final class RestoredView
{
    private final SpecStore specs = new SpecStore();
    private final LiveViewStore view;
    private final RecordDispatcher dispatcher;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final PoisonedDecoder poisoned = new PoisonedDecoder();
    private final ManagerStartedDecoder started = new ManagerStartedDecoder();
    private final Map<ByteBuffer, String> buildByIdentity = new HashMap<>();
    private String build = "";
    private int poisonedCount;
    private String lastPoisoned = "";

    /** Empty. */
    public RestoredView()
    {
        view = new LiveViewStore(specs, ManagerDefaults.WAITERS_MAX);
        dispatcher = new RecordDispatcher(specs, view);
    }

    /** One record of the journal. */
    public void onRecord(final RecordFlyweight record)
    {
        header.wrap(record.buffer(), record.commandOffset());
        switch (header.templateId())
        {
            case ManagerStartedDecoder.TEMPLATE_ID ->
                build = started.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header).build();
            case PoisonedDecoder.TEMPLATE_ID -> onPoisoned(record);
            default ->
            {
                // Its events say all.
            }
        }
        dispatcher.dispatch(record);
    }

    private void onPoisoned(final RecordFlyweight record)
    {
        poisoned.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header);
        final String exception = poisoned.exception();
        final byte[] command = new byte[poisoned.commandLength()];
        poisoned.getCommand(command, 0, command.length);
        final ByteBuffer identity = PoisonGuard.identity(command);
        if (null != identity)
        {
            buildByIdentity.put(identity, build);
        }
        poisonedCount++;
        lastPoisoned = "sequence=" + record.sequence() + " templateId=" + poisoned.templateId() +
            " exception=" + exception;
    }

    /** Commands in the journal on which the core threw; each has ended a manager, and is refused since. */
    public int poisonedCount()
    {
        return poisonedCount;
    }

    /** The last of them, for people; empty if there is none. */
    public String lastPoisoned()
    {
        return lastPoisoned;
    }

    /** Of commands that broke the core of a build. */
    Set<ByteBuffer> poisonedIdentities(final String ofBuild)
    {
        final Set<ByteBuffer> identities = new HashSet<>();
        buildByIdentity.forEach(
            (identity, poisonedBuild) ->
            {
                if (poisonedBuild.equals(ofBuild))
                {
                    identities.add(identity);
                }
            });
        return identities;
    }

    SpecStore specs()
    {
        return specs;
    }

    public LiveViewStore view()
    {
        return view;
    }
}
