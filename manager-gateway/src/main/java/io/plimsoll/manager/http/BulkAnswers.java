package io.plimsoll.manager.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.plimsoll.manager.control.PreparedSession;
import io.plimsoll.manager.control.SubmitReply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What became of the lines of a bulk submission, in their order, until it is written: about 30 bytes for each that was
 * accepted. One thread.
 */
final class BulkAnswers
{
    private static final int INITIAL_LENGTH = 256;
    private static final byte[] LINE = "{\"line\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ID = ",\"id\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REPEATED = ",\"repeated\":true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "}\n".getBytes(StandardCharsets.US_ASCII);

    private final String path;
    private final String requestId;
    private int[] lines = new int[INITIAL_LENGTH];
    private long[] firstIds = new long[INITIAL_LENGTH];
    /** How many ids there are: positive: of an array; 0: one session; negative: none yet. */
    private int[] counts = new int[INITIAL_LENGTH];
    private boolean[] repeated = new boolean[INITIAL_LENGTH];
    private Throwable[] errors = new Throwable[INITIAL_LENGTH];
    private int size;
    private int refused;
    private long sequence;
    private int written;
    private boolean summed;

    BulkAnswers(final String path, final String requestId)
    {
        this.path = path;
        this.requestId = requestId;
    }

    /** Makes room for the answer of a line; returns its place. */
    int add(final int line)
    {
        if (size == lines.length)
        {
            final int longer = 2 * size;
            lines = Arrays.copyOf(lines, longer);
            firstIds = Arrays.copyOf(firstIds, longer);
            counts = Arrays.copyOf(counts, longer);
            repeated = Arrays.copyOf(repeated, longer);
            errors = Arrays.copyOf(errors, longer);
        }
        lines[size] = line;
        counts[size] = -1;
        return size++;
    }

    void accepted(final int place, final PreparedSession session, final long firstId, final SubmitReply reply)
    {
        firstIds[place] = firstId;
        counts[place] = session.array() ? session.count() : 0;
        repeated[place] = reply.repeated();
        sequence = Math.max(sequence, reply.sequence());
    }

    void refused(final int place, final Throwable error)
    {
        errors[place] = error;
        refused++;
    }

    boolean isEmpty()
    {
        return 0 == size;
    }

    boolean isWritten()
    {
        return summed;
    }

    /** The next lines, in about so many bytes; the last one is the summary. */
    ByteBuf next(final ByteBufAllocator allocator, final int lengthMin, final String durability)
    {
        final ByteBuf content = allocator.buffer(lengthMin + INITIAL_LENGTH);
        boolean complete = false;
        try
        {
            while (written < size && content.readableBytes() < lengthMin)
            {
                write(content, allocator, written++);
            }
            if (written == size && content.readableBytes() < lengthMin)
            {
                append(content, allocator, json -> summary(json, durability));
                summed = true;
            }
            complete = true;
            return content;
        }
        finally
        {
            if (!complete)
            {
                content.release();
            }
        }
    }

    private void write(final ByteBuf content, final ByteBufAllocator allocator, final int place)
    {
        final Throwable error = errors[place];
        errors[place] = null;
        if (null == error && 0 == counts[place])
        {
            content.writeBytes(LINE);
            number(content, lines[place]);
            content.writeBytes(ID);
            number(content, firstIds[place]);
            if (repeated[place])
            {
                content.writeBytes(REPEATED);
            }
            content.writeBytes(END);
            return;
        }
        append(content, allocator, json ->
        {
            json.writeStartObject();
            json.writeNumberField("line", lines[place]);
            if (null == error)
            {
                SubmitReplyJson.array(json, firstIds[place], counts[place]);
                if (repeated[place])
                {
                    json.writeBooleanField("repeated", true);
                }
            }
            else
            {
                json.writeFieldName("error");
                error(json, Rejections.problemOf(error));
            }
            json.writeEndObject();
        });
    }

    private void error(final JsonGenerator json, final Problem problem) throws IOException
    {
        // Of the line, not of the command that it went with; and what a header says otherwise.
        problem.without("entryIndex");
        if (problem.retryAfterSeconds() > 0)
        {
            problem.with("retryAfter", (long)problem.retryAfterSeconds());
        }
        ProblemJson.write(json, problem, path, requestId);
    }

    private void summary(final JsonGenerator json, final String durability) throws IOException
    {
        json.writeStartObject();
        json.writeNumberField("accepted", size - refused);
        json.writeNumberField("refused", refused);
        json.writeNumberField("sequence", sequence);
        json.writeStringField("durability", durability);
        json.writeEndObject();
    }

    private static void append(
        final ByteBuf content, final ByteBufAllocator allocator, final Json.Document document)
    {
        final ByteBuf json = Json.write(allocator, document);
        try
        {
            content.writeBytes(json).writeByte('\n');
        }
        finally
        {
            json.release();
        }
    }

    private static void number(final ByteBuf content, final long number)
    {
        ByteBufUtil.writeAscii(content, Long.toString(number));
    }
}
