package io.plimsoll.manager;

import io.plimsoll.core.sbe.ContinueDecoder;
import io.plimsoll.core.sbe.ManagerStartedDecoder;
import io.plimsoll.core.sbe.MessageHeaderDecoder;
import io.plimsoll.core.sbe.PoisonedDecoder;
import io.plimsoll.core.sbe.TimeHeldDecoder;
import io.plimsoll.core.sbe.TimePassedDecoder;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the journal tells of commands that broke the core: which repetitions to refuse, and whether another start of the
 * same build can help. It cannot when the core breaks on work that its own state has due (a timer, what a command left
 * to do): that is there again after every restart, and whichever command comes first gets the blame. Nobody can set
 * such work aside without knowing what is wrong with it, so it is said to the operator instead. Filled by the restoring
 * thread.
 */
final class PoisonHistory
{
    private static final int IDENTITIES_MAX = 4_096;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final ManagerStartedDecoder started = new ManagerStartedDecoder();
    // The newest are kept, like the core does with the numbers that it knows.
    private final Map<ByteBuffer, Repetition> repetitionByIdentity = new LinkedHashMap<>(16, 0.75F, true)
    {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<ByteBuffer, Repetition> eldest)
        {
            return size() > IDENTITIES_MAX;
        }
    };
    private String build = "";
    private boolean poisonedSinceStart;
    private int count;
    private int inRow;
    private String inRowBuild = "";
    private String inRowPlace = "";
    private long lastSequence;
    private int lastTemplateId;
    private String lastException = "";
    private ByteBuffer lastIdentity;

    /** A reign began. */
    void onStarted(final String ofBuild)
    {
        build = ofBuild;
        if (!poisonedSinceStart)
        {
            inRow = 0;
        }
        poisonedSinceStart = false;
    }

    /** A reign ended. */
    void onPoisoned(final long sequence, final PoisonedDecoder poisoned)
    {
        lastSequence = sequence;
        lastTemplateId = poisoned.templateId();
        lastException = poisoned.exception();
        final byte[] command = new byte[poisoned.commandLength()];
        poisoned.getCommand(command, 0, command.length);
        final String ofBuild = ManagerStartedDecoder.TEMPLATE_ID == lastTemplateId ? buildOf(command) : build;
        final int timesMax = PoisonGuard.timesMax(command);
        final ByteBuffer identity = PoisonGuard.identity(command);
        final String place = placeOf(lastException);
        if (!place.equals(inRowPlace) || !ofBuild.equals(inRowBuild))
        {
            inRow = 0;
        }
        // An input that came again explains itself.
        inRow = 0 == inRow || null == identity || !identity.equals(lastIdentity) ? inRow + 1 : inRow;
        inRowPlace = place;
        inRowBuild = ofBuild;
        lastIdentity = identity;
        poisonedSinceStart = true;
        count++;
        if (null != identity)
        {
            final Repetition known = repetitionByIdentity.get(identity);
            final int times = null != known && known.build.equals(ofBuild) ? known.times + 1 : 1;
            repetitionByIdentity.put(identity, new Repetition(ofBuild, times, timesMax));
        }
    }

    /** Identities of what a build is not to decide again. */
    Set<ByteBuffer> refused(final String ofBuild)
    {
        final Set<ByteBuffer> identities = new HashSet<>();
        repetitionByIdentity.forEach(
            (identity, repetition) ->
            {
                if (repetition.build.equals(ofBuild) && repetition.times >= repetition.timesMax)
                {
                    identities.add(identity);
                }
            });
        return identities;
    }

    /** Poisoned commands in the journal. */
    int count()
    {
        return count;
    }

    /** Starts of the build, up to the last one, that the same error ended; 0 if the last one ended otherwise. */
    int inRow(final String ofBuild)
    {
        return poisonedSinceStart && inRowBuild.equals(ofBuild) ? inRow : 0;
    }

    /** What there is to say to the operator; empty if nothing broke the core. */
    String diagnosis(final String ofBuild)
    {
        if (0 == count)
        {
            return "";
        }
        final String last = count + " commands broke the core once and are not decided again; report this, the last" +
            " is sequence=" + lastSequence + " templateId=" + lastTemplateId + " exception=" + lastException;
        final int starts = inRow(ofBuild);
        if (0 == starts || 1 == starts && !isMadeByHost())
        {
            return last;
        }
        final String cause = isMadeByHost() ?
            "What breaks the core is not an input but work that its state has due, and every start meets it again:" +
                " restarting will not help. " :
            "What breaks the core is inputs of one kind, or work that its state has due; if it is work, every start" +
                " meets it again and restarting will not help. ";
        return "one error has ended " + starts + " starts of build " + ofBuild + " in a row. " + cause +
            "Nothing is lost: kernels run on, and the journal holds all that was accepted. Stop the restarts, keep a" +
            " copy of the data directory, report the error below, and start a repaired build on the directory: it" +
            " takes the work up where this one broke. " + last;
    }

    /** Not what somebody sent, but what the manager feeds its core by itself. */
    private boolean isMadeByHost()
    {
        return TimePassedDecoder.TEMPLATE_ID == lastTemplateId ||
            TimeHeldDecoder.TEMPLATE_ID == lastTemplateId ||
            ContinueDecoder.TEMPLATE_ID == lastTemplateId ||
            ManagerStartedDecoder.TEMPLATE_ID == lastTemplateId;
    }

    private String buildOf(final byte[] command)
    {
        return started.wrapAndApplyHeader(new UnsafeBuffer(command), 0, header).build();
    }

    /** Class and place of an exception, without its message, which may tell of times and ids. */
    private static String placeOf(final String exception)
    {
        final int firstFrame = exception.indexOf("\n at ");
        final int classEnd = exception.indexOf(':');
        final boolean hasMessage = classEnd >= 0 && (firstFrame < 0 || classEnd < firstFrame);
        return (hasMessage ? exception.substring(0, classEnd) : "") +
            (firstFrame < 0 ? "" : exception.substring(firstFrame));
    }

    private record Repetition(String build, int times, int timesMax)
    {
    }
}
