namespace ConfSync.Transport;

/// <summary>A stream to or from another machine. It has no length and no position. Synchronous calls are refused, because no
/// thread may wait for another machine. A stream that only queues what is written may take them.</summary>
internal abstract class AsynchronousStream : Stream
{
    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
