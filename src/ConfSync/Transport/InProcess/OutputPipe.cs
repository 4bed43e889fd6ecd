using System.Buffers;
using System.IO.Pipelines;

namespace ConfSync.Transport;

/// <summary>The output of a command, from when it comes until it is read. How much it may hold is decided by what the
/// server is told about reading, see RFC 4254, section 5.2.</summary>
/// <param name="read">Called after each read, with the number of bytes.</param>
internal sealed class OutputPipe(Action<int> read) : AsynchronousStream
{
    // The listening thread of the library writes, and must never run what a reader does next.
    private readonly Pipe pipe = new(new PipeOptions(
        readerScheduler: PipeScheduler.ThreadPool, pauseWriterThreshold: 0, resumeWriterThreshold: 0, minimumSegmentSize: 32 * 1024,
        useSynchronizationContext: false));

    private readonly Lock sync = new();
    private bool isEnded;

    public override bool CanRead => true;

    public override bool CanWrite => false;

    /// <summary>Adds what came. Never waits.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        lock (sync)
        {
            if (isEnded) return;
            pipe.Writer.Write(bytes);
            // Without a threshold, this completes at once.
            _ = pipe.Writer.FlushAsync().AsTask();
        }
    }

    /// <summary>No more comes.</summary>
    public void End()
    {
        lock (sync)
        {
            if (isEnded) return;
            isEnded = true;
            pipe.Writer.Complete();
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        var result = await pipe.Reader.ReadAsync(cancellationToken);
        var taken = result.Buffer.Slice(0, Math.Min(buffer.Length, result.Buffer.Length));
        taken.CopyTo(buffer.Span);
        var count = (int)taken.Length;
        pipe.Reader.AdvanceTo(taken.End);
        if (count > 0) read(count);
        return count;
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
        // Nothing is written by this side.
    }
}
