using ConfSync.Bytes;

namespace ConfSync.Protocol;

/// <summary>Reads what the other side sends: lines, texts that end with a byte, and contents of known length. Everything is
/// bounded, because a peer must not fill this machine's memory.</summary>
internal sealed class WireReader(Stream stream)
{
    private const int LongestItem = 1024 * 1024;

    // The script shortens what programs say to a quarter of this.
    private const int LongestText = 64 * 1024;

    private byte[] buffer = new byte[32 * 1024];
    private int start;
    private int end;
    private (long Bytes, string Phase) most = (long.MaxValue, "");
    private long left = long.MaxValue;

    /// <summary>Sets how many bytes may come from now on.</summary>
    /// <param name="phase">What the bytes are for, for the message.</param>
    public void Allow(long bytes, string phase) => (most, left) = ((bytes, phase), bytes);

    /// <summary>The next line without its newline; null at the end of the stream.</summary>
    public async ValueTask<string?> ReadLineAsync(CancellationToken cancellation) =>
        await ReadToAsync((byte)'\n', cancellation) is { } bytes ? PosixText.Decode(bytes.Span) : null;

    /// <summary>The bytes before the next <paramref name="delimiter"/>, valid until the next read; null at the end of the
    /// stream.</summary>
    /// <exception cref="ProtocolException">There is no delimiter within 1 MiB.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadToAsync(byte delimiter, CancellationToken cancellation)
    {
        var searched = 0;
        while (true)
        {
            var index = buffer.AsSpan(start + searched, end - start - searched).IndexOf(delimiter);
            if (index >= 0)
            {
                var item = buffer.AsMemory(start, searched + index);
                start += searched + index + 1;
                return item;
            }
            searched = end - start;
            if (searched > LongestItem) throw new ProtocolException("a line of more than 1 MiB");
            if (!await FillAsync(cancellation)) return null;
        }
    }

    /// <summary>The next byte, which is not consumed; null at the end of the stream.</summary>
    public async ValueTask<byte?> PeekAsync(CancellationToken cancellation) =>
        start < end || await FillAsync(cancellation) ? buffer[start] : null;

    /// <summary>The bytes before a mark.</summary>
    /// <param name="expected">The probable number of bytes.</param>
    /// <param name="mark">The bytes that end the contents. They are consumed.</param>
    /// <exception cref="ProtocolException">The mark does not come within 16 MiB after the expected place.</exception>
    /// <exception cref="EndOfStreamException">The stream ends before the mark.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadToMarkAsync(
        long expected, ReadOnlyMemory<byte> mark, CancellationToken cancellation)
    {
        var bytes = new byte[expected + mark.Length];
        int count = 0, searched = 0;
        while (true)
        {
            var index = bytes.AsSpan(searched, count - searched).IndexOf(mark.Span);
            if (index >= 0)
            {
                var length = searched + index;
                PutBack(bytes.AsSpan((length + mark.Length)..count));
                return bytes.AsMemory(0, length);
            }
            searched = Math.Max(count - mark.Length + 1, 0);
            if (count == bytes.Length)
            {
                if (count > expected + 16 * LongestItem) throw new ProtocolException("contents without an end");
                Array.Resize(ref bytes, count + LongestItem);
            }
            if (start == end && !await FillAsync(cancellation)) throw new EndOfStreamException();
            var read = Math.Min(bytes.Length - count, end - start);
            buffer.AsSpan(start, read).CopyTo(bytes.AsSpan(count));
            start += read;
            count += read;
        }
    }

    /// <summary>Reads a text of exactly this number of bytes.</summary>
    public async ValueTask<string> ReadTextAsync(int length, CancellationToken cancellation)
    {
        if (length is < 0 or > LongestText) throw new ProtocolException($"a text of {length} bytes");
        while (end - start < length)
        {
            if (!await FillAsync(cancellation)) throw new EndOfStreamException();
        }
        var text = PosixText.Decode(buffer.AsSpan(start, length));
        start += length;
        return text;
    }

    /// <summary>What came and was not read, such as a line without an end.</summary>
    public string TakeText()
    {
        var text = PosixText.Decode(buffer.AsSpan(start..end));
        start = end;
        return text;
    }

    private void PutBack(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        buffer = [.. bytes, .. buffer.AsSpan(start..end)];
        (start, end) = (0, buffer.Length);
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }
        if (end == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        var count = await stream.ReadAsync(buffer.AsMemory(end), cancellation);
        end += count;
        left -= count;
        if (left < 0) throw new ProtocolException($"more than {most.Bytes >> 20} MiB came for {most.Phase}, which is more than nginx-sync takes");
        return count > 0;
    }
}

/// <summary>The other side sent something that no version of this protocol sends.</summary>
public class ProtocolException(string message) : Exception($"the node's answer makes no sense: {message}");
