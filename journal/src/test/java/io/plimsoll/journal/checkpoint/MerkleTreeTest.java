package io.plimsoll.journal.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Held to the test vectors of the Certificate Transparency project, and to the recursive definition of RFC 9162. */
class MerkleTreeTest
{
    private static final HexFormat HEX = HexFormat.of();
    private static final List<String> LEAVES = List.of(
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f");
    private static final List<String> ROOTS = List.of(
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    private final MerkleHasher hasher = new MerkleHasher();

    @Test
    void shouldHaveThePublishedRoots()
    {
        final MerkleTree tree = new MerkleTree(hasher);
        for (int size = 0; size < ROOTS.size(); size++)
        {
            assertEquals(ROOTS.get(size), HEX.formatHex(tree.root()), "size " + size);
            if (size < LEAVES.size())
            {
                tree.append(leaf(size), 0);
            }
        }
        tree.clear();
        assertEquals(ROOTS.get(0), HEX.formatHex(tree.root()));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, ''",
        "0, 8, 96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7 " +
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e " +
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        "5, 8, bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b " +
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0 " +
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "2, 3, fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "1, 5, 6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d " +
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e " +
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"})
    void shouldHaveThePublishedInclusionProofs(final int index, final int size, final String expected)
    {
        assertEquals(expected, text(inclusion(index, published(size))));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, ''",
        "1, 8, 96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7 " +
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e " +
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        "6, 8, 0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a " +
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0 " +
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "2, 5, 5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e " +
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"})
    void shouldHaveThePublishedConsistencyProofs(final int oldSize, final int size, final String expected)
    {
        assertEquals(expected, text(consistency(oldSize, published(size))));
    }

    @Test
    void shouldProveEveryLeafOfEveryTreeAndNothingElse()
    {
        for (int size = 1; size <= 40; size++)
        {
            final byte[][] leaves = numbered(size);
            final byte[] root = recursive(leaves, 0, size);
            assertEquals(HEX.formatHex(root), HEX.formatHex(root(leaves)));
            for (int index = 0; index < size; index++)
            {
                final List<byte[]> path = inclusion(index, leaves);
                assertTrue(MerklePath.isIncluded(leaves[index], index, size, path, root));
                assertFalse(MerklePath.isIncluded(leaves[index], size, size, path, root));
                for (int other = 0; other < size; other++)
                {
                    assertEquals(other == index, MerklePath.isIncluded(leaves[other], index, size, path, root));
                    assertEquals(other == index, MerklePath.isIncluded(leaves[index], other, size, path, root));
                }
                for (final List<byte[]> wrong : changed(path))
                {
                    assertFalse(MerklePath.isIncluded(leaves[index], index, size, wrong, root));
                }
            }
        }
    }

    @Test
    void shouldProveThatEveryTreeGoesOnFromEachBeginningAndNothingElse()
    {
        for (int size = 1; size <= 40; size++)
        {
            final byte[][] leaves = numbered(size);
            final byte[] root = root(leaves);
            for (int old = 1; old <= size; old++)
            {
                final byte[] oldRoot = recursive(leaves, 0, old);
                final List<byte[]> path = consistency(old, leaves);
                assertTrue(MerklePath.isConsistent(old, oldRoot, size, root, path), old + " of " + size);
                final byte[] wrong = oldRoot.clone();
                wrong[7] ^= 1;
                assertFalse(MerklePath.isConsistent(old, wrong, size, root, path));
                assertFalse(MerklePath.isConsistent(old, oldRoot, size, wrong, path));
                for (final List<byte[]> other : changed(path))
                {
                    assertFalse(MerklePath.isConsistent(old, oldRoot, size, root, other), old + " of " + size);
                }
            }
        }
    }

    @Test
    void shouldRefuseProofsThatCannotBe()
    {
        assertThrows(IllegalArgumentException.class, () -> MerklePath.inclusion(hasher, 3, 3));
        assertThrows(IllegalArgumentException.class, () -> MerklePath.consistency(hasher, 0, 3));
        assertThrows(IllegalArgumentException.class, () -> MerklePath.consistency(hasher, 4, 3));
        final MerklePath unfinished = MerklePath.inclusion(hasher, 0, 4);
        unfinished.onLeaf(leaf(0), 0);
        assertThrows(IllegalStateException.class, unfinished::hashes);
    }

    /** A node's hash must not be had by a leaf that holds what the node is made of. */
    @Test
    void shouldTellLeavesFromNodes()
    {
        final byte[] both = new byte[2 * MerkleHasher.HASH_LENGTH];
        System.arraycopy(leaf(0), 0, both, 0, MerkleHasher.HASH_LENGTH);
        System.arraycopy(leaf(1), 0, both, MerkleHasher.HASH_LENGTH, MerkleHasher.HASH_LENGTH);
        assertFalse(Arrays.equals(hasher.node(leaf(0), leaf(1)), hasher.leaf(both)));
    }

    @Test
    void shouldHashBuffersOfAllKindsAlike()
    {
        final byte[] content = HEX.parseHex(LEAVES.get(7));
        final byte[] target = new byte[MerkleHasher.HASH_LENGTH + 1];
        final UnsafeBuffer heap = new UnsafeBuffer(new byte[20], 2, 18);
        final UnsafeBuffer direct = new UnsafeBuffer(java.nio.ByteBuffer.allocateDirect(20), 2, 18);
        for (final UnsafeBuffer buffer : List.of(heap, direct))
        {
            buffer.putBytes(1, content);
            hasher.leaf(buffer, 1, content.length, target, 1);
            assertEquals(
                HEX.formatHex(hasher.leaf(content)), HEX.formatHex(target, 1, 1 + MerkleHasher.HASH_LENGTH));
        }
    }

    private static List<List<byte[]>> changed(final List<byte[]> path)
    {
        final List<List<byte[]>> result = new ArrayList<>();
        for (int i = 0; i < path.size(); i++)
        {
            final List<byte[]> shorter = new ArrayList<>(path);
            shorter.remove(i);
            result.add(shorter);
            final List<byte[]> other = new ArrayList<>(path);
            final byte[] hash = path.get(i).clone();
            hash[31] ^= 1;
            other.set(i, hash);
            result.add(other);
        }
        final List<byte[]> longer = new ArrayList<>(path);
        longer.add(new byte[MerkleHasher.HASH_LENGTH]);
        result.add(longer);
        final List<byte[]> cut = new ArrayList<>(path);
        cut.add(new byte[MerkleHasher.HASH_LENGTH - 1]);
        result.add(cut);
        return result;
    }

    private byte[] leaf(final int index)
    {
        return hasher.leaf(HEX.parseHex(LEAVES.get(index)));
    }

    private byte[][] published(final int size)
    {
        final byte[][] leaves = new byte[size][];
        Arrays.setAll(leaves, this::leaf);
        return leaves;
    }

    private byte[][] numbered(final int size)
    {
        final byte[][] leaves = new byte[size][];
        Arrays.setAll(leaves, i -> hasher.leaf(new byte[]{(byte)i}));
        return leaves;
    }

    private byte[] root(final byte[][] leaves)
    {
        final MerkleTree tree = new MerkleTree(hasher);
        for (final byte[] leaf : leaves)
        {
            tree.append(leaf, 0);
        }
        return tree.root();
    }

    private byte[] recursive(final byte[][] leaves, final int first, final int end)
    {
        if (1 == end - first)
        {
            return leaves[first];
        }
        final int middle = first + Integer.highestOneBit(end - first - 1);
        return hasher.node(recursive(leaves, first, middle), recursive(leaves, middle, end));
    }

    private List<byte[]> inclusion(final int index, final byte[][] leaves)
    {
        return shown(MerklePath.inclusion(hasher, index, leaves.length), leaves);
    }

    private List<byte[]> consistency(final int oldSize, final byte[][] leaves)
    {
        return shown(MerklePath.consistency(hasher, oldSize, leaves.length), leaves);
    }

    private static List<byte[]> shown(final MerklePath path, final byte[][] leaves)
    {
        for (final byte[] leaf : leaves)
        {
            path.onLeaf(leaf, 0);
        }
        return path.hashes();
    }

    private static String text(final List<byte[]> hashes)
    {
        return String.join(" ", hashes.stream().map(HEX::formatHex).toList());
    }
}
