package io.plimsoll.agent;

import io.plimsoll.transport.sbe.MessageHeaderDecoder;
import io.plimsoll.transport.sbe.TerminalCreditDecoder;
import io.plimsoll.transport.sbe.TerminalDataDecoder;
import io.plimsoll.transport.sbe.TerminalEndDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;

/** What an agent says of terminals, a line each. */
final class TerminalLog
{
    final List<String> lines = new ArrayList<>();

    void onFrame(final DirectBuffer frame, final int offset)
    {
        final MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(frame, offset);
        switch (header.templateId())
        {
            case TerminalDataDecoder.TEMPLATE_ID ->
            {
                final TerminalDataDecoder data = new TerminalDataDecoder().wrapAndApplyHeader(frame, offset, header);
                final String stream = data.requestId() + " " + data.stream() + " ";
                final byte[] content = new byte[data.contentLength()];
                data.getContent(content, 0, content.length);
                lines.add(stream + new String(content, StandardCharsets.UTF_8));
            }
            case TerminalCreditDecoder.TEMPLATE_ID ->
            {
                final TerminalCreditDecoder credit =
                    new TerminalCreditDecoder().wrapAndApplyHeader(frame, offset, header);
                lines.add(credit.requestId() + " credit " + credit.creditBytes());
            }
            case TerminalEndDecoder.TEMPLATE_ID ->
            {
                final TerminalEndDecoder end = new TerminalEndDecoder().wrapAndApplyHeader(frame, offset, header);
                lines.add(end.requestId() + " " + end.code() + " " + end.exitCode());
            }
            default -> throw new AssertionError("templateId=" + header.templateId());
        }
    }
}
