package io.plimsoll.loadtest.proof;

import io.plimsoll.loadtest.proof.Damage.Target;
import io.plimsoll.loadtest.proof.SegmentBytes.Document;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** Invents damage, by a seed. */
final class DamageMaker
{
    private static final int PAGE = 4096;
    private static final String CRC_FIELD = "{\"crc32c\":\"";

    private final DamageBed bed;
    private final SplittableRandom random;

    DamageMaker(final DamageBed bed, final SplittableRandom random)
    {
        this.bed = bed;
        this.random = random;
    }

    Damage next()
    {
        final int choice = random.nextInt(100);
        if (choice < 25)
        {
            return flipInRecord();
        }
        if (choice < 33)
        {
            return flipAnywhere();
        }
        if (choice < 61)
        {
            return move(choice);
        }
        if (choice < 70)
        {
            return page(choice);
        }
        if (choice < 80)
        {
            return forge();
        }
        if (choice < 84)
        {
            return lossOfTheEnd();
        }
        return choice < 88 ? segments(choice) : otherFile();
    }

    private String anySegment()
    {
        return List.copyOf(bed.segments().keySet()).get(random.nextInt(bed.segments().size()));
    }

    private void spoil(final byte[] content, final int at)
    {
        switch (random.nextInt(3))
        {
            case 0 -> content[at] ^= (byte)(1 << random.nextInt(Byte.SIZE));
            case 1 -> content[at] ^= (byte)(1 + random.nextInt(255));
            default ->
            {
                final int end = Math.min(content.length, at + 1 + random.nextInt(64));
                for (int i = at; i < end; i++)
                {
                    content[i] = (byte)random.nextInt(256);
                }
                content[at] = 0 == content[at] ? 1 : content[at];
            }
        }
    }

    private Damage flipInRecord()
    {
        final String name = anySegment();
        final SegmentBytes segment = bed.segments().get(name);
        final Document document = segment.records().get(random.nextInt(segment.records().size()));
        final byte[] content = segment.bytes().clone();
        // The header more often than its length deserves: it is what the walk depends on.
        final int at = 0 == random.nextInt(4) ? random.nextInt(SegmentBytes.HEADER_LENGTH) :
            random.nextInt(document.end() - document.start());
        spoil(content, document.start() + at);
        return Damage.ofSegment("flip", bed, name, content, false);
    }

    private Damage flipAnywhere()
    {
        final String name = anySegment();
        final SegmentBytes segment = bed.segments().get(name);
        final byte[] content = segment.bytes().clone();
        final int limit = random.nextBoolean() ? content.length : Math.min(content.length, segment.end() + 64);
        spoil(content, random.nextInt(limit));
        return Damage.ofSegment("flip", bed, name, content, false);
    }

    /** Excerpts are dropped, inserted, exchanged or hidden; their bytes stay as they are. */
    private Damage move(final int choice)
    {
        final String name = anySegment();
        final SegmentBytes segment = bed.segments().get(name);
        final List<Document> records = segment.records();
        final byte[] content = segment.bytes().clone();
        final int at = random.nextInt(records.size());
        final Document document = records.get(at);
        final int end = segment.end();
        switch (choice % 4)
        {
            case 0 ->
            {
                final int count = 1 + random.nextInt(Math.min(3, records.size() - at));
                final int next = records.get(at + count - 1).end() + 3 & -4;
                System.arraycopy(segment.bytes(), next, content, document.start(), end - next);
                Arrays.fill(content, end - next + document.start(), end, (byte)0);
                return Damage.ofSegment("drop", bed, name, content, false);
            }
            case 1 ->
            {
                final SegmentBytes other = bed.segments().get(anySegment());
                final Document copied = other.records().get(random.nextInt(other.records().size()));
                final int length = copied.end() + 3 - copied.start() & -4;
                System.arraycopy(segment.bytes(), document.start(), content, document.start() + length,
                    Math.min(end, content.length - length) - document.start());
                System.arraycopy(other.bytes(), copied.start(), content, document.start(), length);
                return Damage.ofSegment("insert", bed, name, content, false);
            }
            case 2 -> exchange(segment, content, document, records.get(random.nextInt(records.size())));
            default -> Arrays.fill(content, document.start(), document.body(), (byte)0);
        }
        return Damage.ofSegment(2 == choice % 4 ? "swap" : "hide", bed, name, content, false);
    }

    private static void exchange(
        final SegmentBytes segment, final byte[] content, final Document one, final Document other)
    {
        final Document first = one.start() < other.start() ? one : other;
        final Document second = one.start() < other.start() ? other : one;
        if (first.start() == second.start())
        {
            content[first.start() + 30] ^= 1;
            return;
        }
        final int firstEnd = first.end() + 3 & -4;
        final int secondEnd = second.end() + 3 & -4;
        int at = first.start();
        for (final int[] part : new int[][]{
            {second.start(), secondEnd}, {firstEnd, second.start()}, {first.start(), firstEnd}})
        {
            System.arraycopy(segment.bytes(), part[0], content, at, part[1] - part[0]);
            at += part[1] - part[0];
        }
    }

    /** Writes of whole pages that went astray, were lost, or were cut short. */
    private Damage page(final int choice)
    {
        final String name = anySegment();
        final SegmentBytes segment = bed.segments().get(name);
        final int pages = segment.end() / PAGE + 1;
        final int to = random.nextInt(pages) * PAGE;
        if (choice < 63)
        {
            final int length = random.nextInt(segment.end() + PAGE);
            return Damage.ofSegment("truncate", bed, name, Arrays.copyOf(segment.bytes(), length), false);
        }
        final byte[] content = segment.bytes().clone();
        if (choice < 66)
        {
            Arrays.fill(content, to, to + PAGE, (byte)0);
            return Damage.ofSegment("lose a page", bed, name, content, false);
        }
        final SegmentBytes other = bed.segments().get(anySegment());
        final int from = random.nextInt(other.end() / PAGE + 1) * PAGE;
        System.arraycopy(other.bytes(), from, content, to, PAGE);
        return Damage.ofSegment("misdirect a page", bed, name, content, false);
    }

    /** A record is changed, and all checksums from there to the end of the journal are made right. */
    private Damage forge()
    {
        final TreeMap<Path, byte[]> changed = new TreeMap<>();
        final List<String> names = List.copyOf(bed.segments().keySet());
        final int from = random.nextInt(names.size());
        final List<Document> records = bed.segments().get(names.get(from)).records();
        final int index = random.nextInt(records.size());
        final Document document = records.get(index);
        if (document.sequence() > bed.kept().checkpoint().sequence())
        {
            return flipInRecord();
        }
        byte[] manifest = bed.pristine().get(bed.journal().resolve("manifest.json"));
        int previous = 0;
        for (int i = from; i < names.size(); i++)
        {
            final SegmentBytes segment = bed.segments().get(names.get(i));
            final byte[] content = segment.bytes().clone();
            final List<Document> each = segment.records();
            final int first = i == from ? index : 0;
            if (i == from)
            {
                // Of the command or its events, not of what frames them.
                final int inside = SegmentBytes.RECORD_AT + 24 +
                    random.nextInt(document.length() - SegmentBytes.RECORD_AT - 24);
                content[document.body() + inside] ^= (byte)(1 + random.nextInt(255));
                previous = SegmentBytes.buffer(content).getInt(document.body() + SegmentBytes.PREVIOUS_CRC_AT);
            }
            final int was = segment.crc(each.get(each.size() - 1));
            previous = SegmentBytes.chain(content, each, first, previous);
            changed.put(bed.file(names.get(i)), content);
            manifest = replaced(manifest, was, previous);
        }
        changed.put(bed.journal().resolve("manifest.json"), manifest);
        return new Damage("forge", Target.RECORD, changed, names.get(from), index, document.sequence(), true);
    }

    /** The last records are taken away as if they had never been written, and the manifest says so. */
    private Damage lossOfTheEnd()
    {
        final String name = bed.segments().lastKey();
        final SegmentBytes segment = bed.segments().get(name);
        final List<Document> records = segment.records();
        final int index = 1 + random.nextInt(records.size() - 1);
        final Document first = records.get(index);
        if (first.sequence() > bed.kept().checkpoint().sequence())
        {
            return flipInRecord();
        }
        final byte[] content = segment.bytes().clone();
        Arrays.fill(content, first.start(), segment.end(), (byte)0);
        final TreeMap<Path, byte[]> changed = new TreeMap<>();
        changed.put(bed.file(name), content);
        changed.put(bed.file(name).resolveSibling(DamageBed.MARK), null);
        final Path manifest = bed.journal().resolve("manifest.json");
        final String text = new String(bed.pristine().get(manifest), StandardCharsets.UTF_8);
        final int last = text.lastIndexOf("\"lastSequence\":");
        if (last > text.indexOf("\"name\":\"" + name + "\""))
        {
            final Document kept = records.get(index - 1);
            changed.put(manifest, sealed((text.substring(0, last) +
                "\"lastSequence\":" + kept.sequence() +
                ",\"lastCrc\":\"" + HexFormat.of().toHexDigits(segment.crc(kept)) + "\"" +
                text.substring(text.indexOf('}', last))).getBytes(StandardCharsets.UTF_8)));
        }
        return new Damage("lose the end", Target.RECORD, changed, name, index, first.sequence(), true);
    }

    private static byte[] replaced(final byte[] manifest, final int wasCrc, final int isCrc)
    {
        return sealed(new String(manifest, StandardCharsets.UTF_8)
            .replace("Crc\":\"" + HexFormat.of().toHexDigits(wasCrc), "Crc\":\"" + HexFormat.of().toHexDigits(isCrc))
            .getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] sealed(final byte[] manifest)
    {
        Arrays.fill(manifest, CRC_FIELD.length(), CRC_FIELD.length() + 8, (byte)'0');
        final CRC32C crc = new CRC32C();
        crc.update(manifest);
        final byte[] digits =
            HexFormat.of().toHexDigits((int)crc.getValue()).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, manifest, CRC_FIELD.length(), digits.length);
        return manifest;
    }

    private Damage segments(final int choice)
    {
        final String name = anySegment();
        final SegmentBytes segment = bed.segments().get(name);
        final TreeMap<Path, byte[]> changed = new TreeMap<>();
        final Document first = segment.records().get(0);
        if (choice < 86)
        {
            changed.put(bed.file(name), null);
            return new Damage("remove a segment", Target.RECORD, changed, name, 0, first.sequence(), false);
        }
        final String other = anySegment();
        if (other.equals(name))
        {
            return flipAnywhere();
        }
        changed.put(bed.file(name), bed.segments().get(other).bytes());
        changed.put(bed.file(other), segment.bytes());
        final String earlier = name.compareTo(other) < 0 ? name : other;
        return new Damage("exchange segments", Target.RECORD, changed, earlier, 0,
            bed.segments().get(earlier).records().get(0).sequence(), false);
    }

    private Damage otherFile()
    {
        if (0 == random.nextInt(12))
        {
            final List<byte[]> old = bed.oldManifests();
            return Damage.of("bring an old one back", Target.MANIFEST, bed.journal().resolve("manifest.json"),
                old.get(random.nextInt(old.size() - 1)));
        }
        final List<Path> files =
            bed.pristine().keySet().stream().filter(file -> !file.endsWith(DamageBed.SEGMENT_FILE)).toList();
        final Path file = files.get(random.nextInt(files.size()));
        final Target target = target(file);
        if (null == target)
        {
            return otherFile();
        }
        final byte[] was = bed.pristine().get(file);
        final int how = random.nextInt(10);
        if (0 == how)
        {
            return Damage.of("remove", target, file, null);
        }
        if (1 == how)
        {
            return Damage.of("truncate", target, file, Arrays.copyOf(was, random.nextInt(was.length)));
        }
        final byte[] content = was.clone();
        spoil(content, random.nextInt(content.length));
        return Damage.of("flip", target, file, content);
    }

    private static Target target(final Path file)
    {
        final String name = file.getFileName().toString();
        if (name.startsWith("checkpoint-0"))
        {
            return Target.CHECKPOINT;
        }
        if (name.startsWith("snapshot-"))
        {
            return Target.SNAPSHOT;
        }
        return switch (name)
        {
            case "manifest.json" -> Target.MANIFEST;
            case DamageBed.LEAVES -> Target.LEAVES;
            case DamageBed.MARK -> Target.MARK;
            case "metadata.cq4t" -> Target.METADATA;
            default -> null;
        };
    }
}
