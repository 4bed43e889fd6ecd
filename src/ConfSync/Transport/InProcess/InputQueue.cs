namespace ConfSync.Transport;

/// <summary>Holds the input of a command until it can be sent: to the server once the login is done, or to ssh. A write
/// waits only while the queue is full.</summary>
internal sealed class InputQueue : AsynchronousStream
{
    // A conversation begins with more than 40 kB, which it writes before the login is done.
    private const int Most = 256 * 1024;

    private readonly Lock sync = new();
    private readonly Queue<ArraySegment<byte>> pieces = new();
    private ArraySegment<byte> first;
    private int length;
    private bool isEnded;
    private bool isBroken;
    private TaskCompletionSource? room;

    /// <summary>Called after each write, at the end of the input, and after <see cref="Break"/>.</summary>
    public Action? Changed { get; set; }

    public override bool CanRead => false;

    public override bool CanWrite => true;

    /// <summary>All input has been taken, and no more comes.</summary>
    public bool IsAtEnd
    {
        get
        {
            lock (sync) return isEnded && length == 0;
        }
    }

    public bool IsEmpty
    {
        get
        {
            lock (sync) return length == 0;
        }
    }

    /// <exception cref="IOException">No more input is taken.</exception>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var (count, wait) = Add(buffer.Span);
            buffer = buffer[count..];
            if (count > 0) Changed?.Invoke();
            if (wait is not null) await wait.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Takes the next bytes; none where none are there.</summary>
    public ArraySegment<byte> Take(int most)
    {
        TaskCompletionSource? waiting;
        ArraySegment<byte> taken;
        lock (sync)
        {
            if (length == 0) return [];
            if (first.Count == 0) first = pieces.Dequeue();
            taken = first[..Math.Min(most, first.Count)];
            first = first[taken.Count..];
            length -= taken.Count;
            (waiting, room) = (room, null);
        }
        waiting?.SetResult();
        return taken;
    }

    /// <summary>Nothing takes the input any more. Writes fail from now on.</summary>
    public void Break()
    {
        TaskCompletionSource? waiting;
        lock (sync)
        {
            isBroken = true;
            (waiting, room) = (room, null);
        }
        waiting?.SetResult();
        Changed?.Invoke();
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
        // The other side takes what is there as soon as it can.
    }

    protected override void Dispose(bool disposing)
    {
        lock (sync) isEnded = true;
        Changed?.Invoke();
        base.Dispose(disposing);
    }

    private (int Count, Task? Wait) Add(ReadOnlySpan<byte> bytes)
    {
        lock (sync)
        {
            if (isBroken) throw new IOException("the other side takes no more input");
            ObjectDisposedException.ThrowIf(isEnded, this);
            var count = Math.Min(Most - length, bytes.Length);
            if (count == 0) return (0, (room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task);
            // The caller uses its buffer again.
            pieces.Enqueue(bytes[..count].ToArray());
            length += count;
            return (count, null);
        }
    }
}
