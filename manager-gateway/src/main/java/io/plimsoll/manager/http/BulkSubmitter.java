package io.plimsoll.manager.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.plimsoll.manager.control.BulkSubmission;
import io.plimsoll.manager.control.ClusterControl;
import io.plimsoll.manager.control.PreparedSession;
import io.plimsoll.manager.control.SubmitReply;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/**
 * One bulk submission: reads lines as they arrive, submits them while the next ones come, and answers each of them when
 * all are done; before that nothing is written, so that a client may send everything first and read later. Reads no
 * further while as much is under way as may be, and a slice at a time, see {@link BulkTurns}. Event loop only.
 */
final class BulkSubmitter extends BaseSubscriber<ByteBuf>
    implements LineSplitter.LineConsumer, BulkSubmission.Outcomes, BulkSubmission.Loop
{
    /** Most lines of one request. */
    static final int LINES_MAX = SubmitParser.SESSIONS_MAX;
    /** Most bytes of one request. */
    static final long BYTES_MAX = 64L << 20;

    /** Bytes after which others have their turn: some tenths of a millisecond. */
    static final int SLICE_BYTES = 16 * 1024;

    /** What a refused line is taken to hold until its answer is written. */
    private static final int REFUSAL_BYTES = 512;
    private static final int ANSWER_BYTES = 64 * 1024;

    private final Exchange exchange;
    private final String key;
    private final LineReader reader;
    private final HttpLimits limits;
    private final HttpMeters meters;
    private final Supplier<String> durability;
    private final EventLoop loop;
    private final LineSplitter splitter = new LineSplitter(this);
    private final LineCache cache = new LineCache();
    private final BulkSubmission submission;
    private final BulkAnswers answers;
    private final BulkTurns turns;
    private StreamedReply reply;
    /** What has come and is not read yet; null: nothing. */
    private ByteBuf unread;
    private long bytes;
    private int reserved;
    private boolean paused;
    /** All has come. */
    private boolean ended;
    /** All has come and is read. */
    private boolean complete;
    /** Set once no further lines are taken; the rest of the body is dropped. */
    private boolean stopped;

    BulkSubmitter(
        final Exchange exchange,
        final String key,
        final ClusterControl control,
        final LineReader reader,
        final HttpLimits limits,
        final HttpMeters meters,
        final Supplier<String> durability)
    {
        this.exchange = exchange;
        this.key = key;
        this.reader = reader;
        this.limits = limits;
        this.meters = meters;
        this.durability = durability;
        loop = exchange.channel().eventLoop();
        turns = BulkTurns.of(loop);
        submission = new BulkSubmission(control, key, this, System::nanoTime, this);
        answers = new BulkAnswers(exchange.path(), exchange.requestId());
    }

    void begin()
    {
        exchange.onEnd(this::gone);
        final byte[] whole = exchange.body();
        if (null == whole)
        {
            exchange.request().receive().subscribe(this);
        }
        else
        {
            Flux.just(Unpooled.wrappedBuffer(whole)).subscribe(this);
        }
    }

    /** What was accepted stays; the rest goes nowhere. */
    private void gone()
    {
        submission.abandon();
        stopped = true;
        drop();
        meters.bodyBytes().addAndGet(-reserved);
        reserved = 0;
        if (null != reply)
        {
            reply.stop();
        }
    }

    @Override
    protected void hookOnSubscribe(final Subscription subscription)
    {
        subscription.request(1);
    }

    @Override
    protected void hookOnNext(final ByteBuf content)
    {
        bytes += content.readableBytes();
        unread = content.retain();
        turns.await(exchange.ownerId(), this::readSlice);
    }

    private void readSlice()
    {
        if (null == unread)
        {
            return;
        }
        final int length = Math.min(SLICE_BYTES, unread.readableBytes());
        if (stopped)
        {
            unread.skipBytes(length);
        }
        else
        {
            splitter.read(unread.readSlice(length));
        }
        if (submission.isIdle())
        {
            submission.flush();
        }
        if (unread.isReadable())
        {
            turns.await(exchange.ownerId(), this::readSlice);
            return;
        }
        drop();
        if (ended)
        {
            finish();
        }
        else
        {
            readMore();
        }
    }

    private void readMore()
    {
        paused = submission.isFull();
        if (!paused)
        {
            request(1);
        }
    }

    private void drop()
    {
        if (null != unread)
        {
            unread.release();
            unread = null;
        }
    }

    @Override
    protected void hookOnComplete()
    {
        ended = true;
        if (null == unread)
        {
            finish();
        }
    }

    private void finish()
    {
        if (!stopped)
        {
            splitter.end();
        }
        complete = true;
        submission.flush();
        if (answers.isEmpty())
        {
            exchange.problem(new Problem(
                400, "bad-json", "the body has no line; send one session a line, such as" +
                    " {\"command\": [\"/bin/true\"]}"));
        }
        else
        {
            onProgress();
        }
    }

    @Override
    protected void hookOnError(final Throwable thrown)
    {
        gone();
    }

    @Override
    public void onLine(final int number, final byte[] line, final int offset, final int length)
    {
        if (stopped)
        {
            return;
        }
        final int place = answers.add(number);
        final Problem bound = bound(number);
        if (null != bound)
        {
            stopped = true;
            onRefused(place, bound.asException());
            return;
        }
        try
        {
            PreparedSession session = cache.find(line, offset, length);
            if (null == session)
            {
                final LineReader.Prepared prepared = reader.read(line, offset, length);
                session = prepared.session();
                if (prepared.lasting())
                {
                    cache.keep(line, offset, length, session);
                }
            }
            if (null == key)
            {
                submission.add(session, place);
            }
            else
            {
                submission.addKeyed(session, place, number, Arrays.copyOfRange(line, offset, offset + length));
            }
        }
        catch (final RuntimeException ex)
        {
            onRefused(place, ex);
        }
    }

    @Override
    public void onLongLine(final int number)
    {
        if (!stopped)
        {
            onRefused(answers.add(number), new Problem(
                413, "line-too-long", "a line has at most " + LineSplitter.LINE_LENGTH_MAX + " bytes")
                .with("limit", (long)LineSplitter.LINE_LENGTH_MAX)
                .asException());
        }
    }

    /** What keeps this line and all that follow from being taken, null if nothing does. */
    private Problem bound(final int number)
    {
        final String rest = "; this line and all after it were not taken, send them with another request";
        if (number > LINES_MAX)
        {
            return new Problem(413, "too-many-lines", "a request has at most " + LINES_MAX + " lines" + rest)
                .with("limit", (long)LINES_MAX);
        }
        if (bytes > BYTES_MAX)
        {
            return new Problem(413, "body-too-large", "a request has at most " + BYTES_MAX + " bytes" + rest)
                .with("limit", BYTES_MAX);
        }
        if (meters.bodyBytes().get() > limits.bodyBytesInFlightMax())
        {
            return new Problem(503, "too-many-bodies", "too many refusals are being kept" + rest).retryAfter(1);
        }
        return null;
    }

    @Override
    public void onAccepted(
        final int place, final PreparedSession session, final long firstId, final SubmitReply accepted)
    {
        answers.accepted(place, session, firstId, accepted);
    }

    @Override
    public void onRefused(final int place, final Throwable error)
    {
        answers.refused(place, error);
        reserved += REFUSAL_BYTES;
        meters.bodyBytes().addAndGet(REFUSAL_BYTES);
    }

    @Override
    public void onProgress()
    {
        if (complete)
        {
            if (submission.isIdle() && null == reply && !exchange.isAnswered())
            {
                answer();
            }
        }
        else if (paused && !submission.isFull())
        {
            paused = false;
            awaited();
            request(1);
        }
        else if (submission.isIdle())
        {
            submission.flush();
        }
    }

    /** That nothing was read for a while was not the sender's fault. */
    private void awaited()
    {
        final ConnectionGuard guard = exchange.channel().pipeline().get(ConnectionGuard.class);
        if (null != guard)
        {
            guard.onWaited();
        }
    }

    private void answer()
    {
        reply = new StreamedReply(
            exchange, limits.stuckReaderTimeoutMs(), taken -> writeNext(), () -> reply.abort());
        reply.start(Route.LINES);
        writeNext();
    }

    private void writeNext()
    {
        if (answers.isWritten())
        {
            reply.end();
        }
        else
        {
            reply.write(answers.next(exchange.channel().alloc(), ANSWER_BYTES, durability.get()), 1);
        }
    }

    @Override
    public void execute(final Runnable action)
    {
        loop.execute(action);
    }

    @Override
    public void schedule(final Runnable action, final long delayNs)
    {
        loop.schedule(action, delayNs, TimeUnit.NANOSECONDS);
    }
}
