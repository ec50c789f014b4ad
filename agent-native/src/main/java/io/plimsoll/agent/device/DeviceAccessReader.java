package io.plimsoll.agent.device;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads what a kernel gets with a device from what a file says of it. */
final class DeviceAccessReader
{
    private static final String ALL = "rwm";

    private DeviceAccessReader()
    {
    }

    static DeviceAccess read(final Map<String, String> variables, final JsonNode node)
    {
        final List<DeviceAccess.DeviceFile> files = new ArrayList<>();
        for (final JsonNode file : list(node, "files"))
        {
            final String path = file.isTextual() ? file.asText() : text(file, "files", "path", null);
            files.add(new DeviceAccess.DeviceFile(
                path, text(file, "files", "as", path), text(file, "files", "permissions", ALL)));
        }
        final List<DeviceAccess.Mount> mounts = new ArrayList<>();
        for (final JsonNode mount : list(node, "mounts"))
        {
            final String source = mount.isTextual() ? mount.asText() : text(mount, "mounts", "source", null);
            mounts.add(new DeviceAccess.Mount(
                source, text(mount, "mounts", "target", source), mount.path("readOnly").asBoolean(true)));
        }
        final List<DeviceAccess.Request> requests = new ArrayList<>();
        for (final JsonNode request : list(node, "requests"))
        {
            requests.add(new DeviceAccess.Request(
                text(request, "requests", "driver", ""),
                texts(list(request, "ids"), "requests.ids"),
                texts(list(request, "capabilities"), "requests.capabilities")));
        }
        return new DeviceAccess(
            variables, files, mounts, requests, texts(list(node, "cgroupRules"), "cgroupRules")).checked();
    }

    private static JsonNode list(final JsonNode node, final String field)
    {
        final JsonNode list = node.path(field);
        if (!list.isMissingNode() && !list.isArray())
        {
            throw new IllegalArgumentException(field + ": should be a list");
        }
        return list;
    }

    private static List<String> texts(final JsonNode list, final String field)
    {
        final List<String> texts = new ArrayList<>();
        for (final JsonNode one : list)
        {
            if (!one.isValueNode())
            {
                throw new IllegalArgumentException(field + ": should be a list of texts");
            }
            texts.add(one.asText());
        }
        return texts;
    }

    private static String text(final JsonNode node, final String list, final String field, final String otherwise)
    {
        final JsonNode value = node.path(field);
        if (value.isTextual() || value.isMissingNode() && null != otherwise)
        {
            return value.asText(otherwise);
        }
        throw new IllegalArgumentException(list + ": " + field + " should be a text");
    }
}
