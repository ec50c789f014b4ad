package io.plimsoll.loadtest.report;

import io.plimsoll.core.Explanation;
import io.plimsoll.core.RecordFlyweight;
import io.plimsoll.core.SchedulerCore;
import io.plimsoll.manager.egress.RecordDispatcher;
import io.plimsoll.manager.egress.SpecStore;
import io.plimsoll.manager.http.ExplanationText;
import io.plimsoll.manager.view.ExplanationView;
import io.plimsoll.manager.view.LiveViewStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/**
 * The second reading, when it is known whom to ask about: the scheduler itself says at some moments of each long wait
 * what the session waits for, and fragmentation is measured against what was asked for.
 */
final class Inquiry
{
    /** Moments at which everybody who waits is asked about. */
    private static final int MOMENTS = 24;
    /** Of a wait that none of those, or only one, falls into. */
    private static final int OWN_MOMENTS = 3;

    private final SpecStore specs = new SpecStore();
    private final LiveViewStore view = new LiveViewStore(specs, 0);
    private final RecordDispatcher dispatcher = new RecordDispatcher(specs, view);
    private final ClusterBook book;
    private final FragmentationListener fragmentation;
    private final BucketClock clock;
    private final ReportRange range;
    private final PriorityQueue<Question> questions = new PriorityQueue<>(Comparator.comparingLong(Question::atNs));
    private final Map<LongestWaits.Wait, Answers> answers = new LinkedHashMap<>();

    Inquiry(final Survey survey)
    {
        range = survey.range;
        final List<ReportListener> listeners = new ArrayList<>();
        book = new ClusterBook(new BookedNames(), List.of());
        fragmentation = new FragmentationListener(book, range, survey.book.mixes().byGroup());
        listeners.add(fragmentation);
        clock = new BucketClock(range, listeners);
        plan(survey.longest.waits());
    }

    private record Question(long atNs, LongestWaits.Wait about)
    {
    }

    /** What was said of one wait. */
    static final class Answers
    {
        final Map<String, Integer> momentsByCause = new TreeMap<>();
        int moments;
        long lastNs;
        String lastSaid = "";
    }

    private void plan(final List<LongestWaits.Wait> waits)
    {
        final long beginNs = waits.stream().mapToLong(wait -> wait.sinceNs).min().orElse(0);
        final long endNs = waits.stream().mapToLong(wait -> wait.untilNs).max().orElse(0);
        for (final LongestWaits.Wait wait : waits)
        {
            answers.put(wait, new Answers());
            int planned = ask(wait, beginNs, endNs, MOMENTS);
            if (planned < 2)
            {
                planned += ask(wait, wait.sinceNs, wait.untilNs, OWN_MOMENTS);
            }
        }
    }

    /** Plans questions at the middles of equal parts of a time, as far as the wait lasts then. */
    private int ask(final LongestWaits.Wait wait, final long beginNs, final long endNs, final int parts)
    {
        int planned = 0;
        for (int i = 0; i < parts; i++)
        {
            final long atNs = beginNs + (long)((endNs - beginNs) * ((i + 0.5) / parts));
            if (atNs >= wait.sinceNs && atNs < wait.untilNs)
            {
                questions.add(new Question(atNs, wait));
                planned++;
            }
        }
        return planned;
    }

    /** A record that a snapshot is made of, or one behind it. */
    void onRecord(final RecordFlyweight record)
    {
        clock.advance(record.timestampNs());
        dispatcher.dispatch(record);
        book.onRecord(record);
    }

    /**
     * Asks what is due before a record is shown.
     *
     * @param core   in the state before it.
     * @param timeNs of the record.
     */
    void beforeRecord(final SchedulerCore core, final long timeNs)
    {
        while (!questions.isEmpty() && questions.peek().atNs() < timeNs)
        {
            final Question question = questions.remove();
            // What a snapshot stands for is over: nothing is known of before it.
            if (core.timestampNs() <= question.atNs() && core.sequence() > 0)
            {
                ask(core, question);
            }
        }
    }

    private void ask(final SchedulerCore core, final Question question)
    {
        final Explanation explanation = core.examine(question.about().sessionId);
        final ExplanationView said = explanation.known() ? ExplanationView.of(explanation, view) : null;
        if (null == said)
        {
            return;
        }
        final Answers of = answers.get(question.about());
        of.moments++;
        ExplanationText.waitsFor(said).forEach(cause -> of.momentsByCause.merge(cause, 1, Integer::sum));
        of.lastNs = question.atNs();
        of.lastSaid = ExplanationText.summary(said);
    }

    /** No record follows. */
    void end(final SchedulerCore core)
    {
        beforeRecord(core, range.toNs());
        clock.advance(range.toNs());
    }

    Answers answers(final LongestWaits.Wait wait)
    {
        return answers.get(wait);
    }

    FragmentationListener fragmentation()
    {
        return fragmentation;
    }
}
