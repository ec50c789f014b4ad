package io.plimsoll.manager.bed;

import io.plimsoll.transport.sbe.MessageHeaderDecoder;
import io.plimsoll.transport.sbe.TerminalCloseDecoder;
import io.plimsoll.transport.sbe.TerminalCreditDecoder;
import io.plimsoll.transport.sbe.TerminalDataDecoder;
import io.plimsoll.transport.sbe.TerminalOpenDecoder;
import io.plimsoll.transport.sbe.TerminalSizeDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;

/** What a manager says of terminals, as lines. */
final class TerminalText
{
    private TerminalText()
    {
    }

    static String of(final DirectBuffer frame)
    {
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        switch (header.wrap(frame, 0).templateId())
        {
            case TerminalOpenDecoder.TEMPLATE_ID:
                return open(new TerminalOpenDecoder().wrapAndApplyHeader(frame, 0, header));

            case TerminalDataDecoder.TEMPLATE_ID:
                final TerminalDataDecoder data = new TerminalDataDecoder().wrapAndApplyHeader(frame, 0, header);
                final byte[] content = new byte[data.contentLength()];
                data.getContent(content, 0, content.length);
                return "input " + data.requestId() + " " + new String(content, StandardCharsets.UTF_8) + " " +
                    data.last();

            case TerminalSizeDecoder.TEMPLATE_ID:
                final TerminalSizeDecoder size = new TerminalSizeDecoder().wrapAndApplyHeader(frame, 0, header);
                return "size " + size.requestId() + " " + size.rows() + "x" + size.columns();

            case TerminalCreditDecoder.TEMPLATE_ID:
                final TerminalCreditDecoder credit = new TerminalCreditDecoder().wrapAndApplyHeader(frame, 0, header);
                return "credit " + credit.requestId() + " " + credit.creditBytes();

            case TerminalCloseDecoder.TEMPLATE_ID:
                return "close " + new TerminalCloseDecoder().wrapAndApplyHeader(frame, 0, header).requestId();

            default:
                throw new IllegalStateException("templateId=" + header.templateId());
        }
    }

    private static String open(final TerminalOpenDecoder open)
    {
        final String start = "open " + open.requestId() + " " + open.kernelId() + " ";
        final String end = " " + open.rows() + "x" + open.columns() + " " + open.creditBytes();
        final List<String> words = new ArrayList<>();
        open.arguments().forEach(argument -> words.add(argument.argument()));
        final List<String> variables = new ArrayList<>();
        open.variables().forEach(variable -> variables.add(variable.variable()));
        return start + words + " " + variables + end;
    }
}
