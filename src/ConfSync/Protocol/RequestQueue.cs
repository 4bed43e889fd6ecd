using System.Buffers;
using ConfSync.Transport;

namespace ConfSync.Protocol;

/// <summary>Queues what is to be sent. A synchronous write only adds to the queue, so that no thread ever waits for a peer
/// that takes nothing. An asynchronous write sends when the queue would become too long.</summary>
/// <param name="connect">Returns the stream to send to. Called each time before something is sent.</param>
/// <param name="capacity">The probable number of bytes that are queued before the first are sent.</param>
internal sealed class RequestQueue(Func<CancellationToken, ValueTask<Stream>> connect, int capacity) : AsynchronousStream
{
    // Many small pieces, such as the headers of an archive, are sent together.
    private const int MostWaiting = 64 * 1024;

    private readonly Lock sync = new();
    private readonly SemaphoreSlim sending = new(1);
    private ArrayBufferWriter<byte> waiting = new(capacity);

    public override bool CanRead => false;

    public override bool CanWrite => true;

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        lock (sync) waiting.Write(bytes);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <exception cref="IOException">The other side is gone.</exception>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        if (TryAdd(bytes.Span)) return;
        await sending.WaitAsync(cancellationToken);
        try
        {
            var stream = await SendWaitingAsync(cancellationToken);
            if (!TryAdd(bytes.Span)) await stream.WriteAsync(bytes, cancellationToken);
        }
        finally
        {
            sending.Release();
        }
    }

    public override void Flush()
    {
        // FlushAsync sends.
    }

    /// <summary>Sends all that is queued.</summary>
    /// <exception cref="IOException">The other side is gone.</exception>
    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await sending.WaitAsync(cancellationToken);
        try
        {
            await SendWaitingAsync(cancellationToken);
        }
        finally
        {
            sending.Release();
        }
    }

    private bool TryAdd(ReadOnlySpan<byte> bytes)
    {
        lock (sync)
        {
            if (waiting.WrittenCount + bytes.Length > MostWaiting) return false;
            waiting.Write(bytes);
            return true;
        }
    }

    private async Task<Stream> SendWaitingAsync(CancellationToken cancellation)
    {
        var stream = await connect(cancellation);
        ArrayBufferWriter<byte> taken;
        lock (sync) (taken, waiting) = (waiting, new ArrayBufferWriter<byte>());
        if (taken.WrittenCount > 0) await stream.WriteAsync(taken.WrittenMemory, cancellation);
        return stream;
    }
}
