using ConfSync.Transport;

namespace ConfSync.Protocol;

/// <summary>A stream that reports each piece that was read or written.</summary>
/// <param name="progress">Called after each piece, with its length in bytes.</param>
internal sealed class WatchedStream(Stream stream, Action<int> progress) : AsynchronousStream
{
    // Small enough to pass within a few seconds over the slowest useful line.
    private const int Piece = 16 * 1024;

    public override bool CanRead => stream.CanRead;

    public override bool CanWrite => stream.CanWrite;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await stream.ReadAsync(buffer, cancellationToken);
        progress(read);
        return read;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        for (var offset = 0; offset < buffer.Length; offset += Piece)
        {
            var piece = buffer.Slice(offset, Math.Min(Piece, buffer.Length - offset));
            await stream.WriteAsync(piece, cancellationToken);
            progress(piece.Length);
        }
    }

    public override void Flush() => throw new NotSupportedException();

    public override Task FlushAsync(CancellationToken cancellationToken) => stream.FlushAsync(cancellationToken);
}
