package io.plimsoll.core.policy.testkit;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Which classes and members a class file names: JVM specification, 4.4. */
final class ConstantPool
{
    private static final int MAGIC = 0xCAFEBABE;
    private static final int UTF8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int CLASS = 7;
    private static final int STRING = 8;
    private static final int FIELD = 9;
    private static final int METHOD = 10;
    private static final int INTERFACE_METHOD = 11;
    private static final int METHOD_HANDLE = 15;
    private static final int METHOD_TYPE = 16;
    private static final int MODULE = 19;
    private static final int PACKAGE = 20;
    private static final String PRIMITIVES = "BCDFIJSZV";
    private static final String[] PRIMITIVE_NAMES = {
        "byte", "char", "double", "float", "int", "long", "short", "boolean", "void",
    };

    private final String[] texts;
    private final int[] tags;
    private final int[] values;

    /** A field, or a method with its parameters as in a source file. */
    record Member(String owner, String signature)
    {
    }

    ConstantPool(final DataInputStream in) throws IOException
    {
        if (MAGIC != in.readInt())
        {
            throw new IOException("this is no class file");
        }
        in.readInt();
        final int size = in.readUnsignedShort();
        texts = new String[size];
        tags = new int[size];
        values = new int[size];
        for (int i = 1; i < size; i++)
        {
            tags[i] = in.readUnsignedByte();
            read(in, i);
            // These two take two entries.
            i += LONG == tags[i] || DOUBLE == tags[i] ? 1 : 0;
        }
    }

    private void read(final DataInputStream in, final int i) throws IOException
    {
        switch (tags[i])
        {
            case UTF8 -> texts[i] = in.readUTF();
            case LONG, DOUBLE -> in.readLong();
            case CLASS, STRING, METHOD_TYPE, MODULE, PACKAGE -> values[i] = in.readUnsignedShort();
            case METHOD_HANDLE ->
            {
                in.readUnsignedByte();
                values[i] = in.readUnsignedShort();
            }
            default -> values[i] = in.readInt();
        }
    }

    List<String> classes()
    {
        final List<String> names = new ArrayList<>();
        for (int i = 1; i < tags.length; i++)
        {
            if (CLASS == tags[i])
            {
                names.add(className(i));
            }
        }
        return names;
    }

    List<Member> members()
    {
        final List<Member> members = new ArrayList<>();
        for (int i = 1; i < tags.length; i++)
        {
            if (FIELD == tags[i] || METHOD == tags[i] || INTERFACE_METHOD == tags[i])
            {
                final int nameAndType = values[values[i] & 0xFFFF];
                final String name = texts[nameAndType >>> 16];
                final String parameters = FIELD == tags[i] ? "" : parameters(texts[nameAndType & 0xFFFF]);
                members.add(new Member(className(values[i] >>> 16), name + parameters));
            }
        }
        return members;
    }

    private String className(final int i)
    {
        return texts[values[i]].replace('/', '.');
    }

    private static String parameters(final String descriptor)
    {
        final StringBuilder text = new StringBuilder("(");
        int dimensions = 0;
        for (int i = 1; ')' != descriptor.charAt(i); i++)
        {
            final char kind = descriptor.charAt(i);
            if ('[' == kind)
            {
                dimensions++;
                continue;
            }
            final int end = 'L' == kind ? descriptor.indexOf(';', i) : i;
            text.append(text.length() > 1 ? "," : "")
                .append('L' == kind ?
                    descriptor.substring(i + 1, end).replace('/', '.') :
                    PRIMITIVE_NAMES[PRIMITIVES.indexOf(kind)])
                .append("[]".repeat(dimensions));
            dimensions = 0;
            i = end;
        }
        return text.append(')').toString();
    }
}
