using System.Globalization;
using ConfSync.Protocol;
using ConfSync.Transport;

namespace ConfSync.Primary;

/// <summary>Stores the bytes of at most one commit record.</summary>
internal interface ICommitRecordStore
{
    /// <summary>Writes a record. When this returns, the record survives a crash or a loss of power. If the program dies
    /// before, no record is stored.</summary>
    /// <param name="parts">The bytes, in order.</param>
    /// <param name="replaces">The record may replace another one.</param>
    /// <exception cref="PeerException">The record could not be written.</exception>
    Task WriteAsync(IReadOnlyList<ReadOnlyMemory<byte>> parts, bool replaces);

    /// <summary>The bytes of the stored record; null for none.</summary>
    /// <exception cref="PeerException">The record cannot be read, or other users may have written it.</exception>
    Task<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellation);

    /// <summary>Removes the record if it has this ID.</summary>
    /// <exception cref="PeerException">The record could not be removed.</exception>
    Task RemoveAsync(string id);
}

/// <summary>
/// The primary's file of a decision, through a local shell of its own each time, since it is root's under sudo as well
/// (primary/decision.sh).
/// </summary>
/// <param name="Sudo">Where the user is not root, local commands run under sudo.</param>
internal sealed record CommitRecordShell(bool Sudo) : ICommitRecordStore
{
    /// <summary>The path of the file.</summary>
    public const string Path = "/var/lib/nginx-sync/decision";

    public async Task WriteAsync(IReadOnlyList<ReadOnlyMemory<byte>> parts, bool replaces)
    {
        await using var session = new Session(Sudo);
        await session.WriteAsync(parts, replaces);
    }

    public async Task<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellation)
    {
        // A process less in every push. Under sudo, only root can look into the directory.
        if (!LocalShell.NeedsSudo(Sudo) && !File.Exists(Path)) return null;
        await using var session = new Session(Sudo);
        return await session.ReadAsync(cancellation);
    }

    public async Task RemoveAsync(string id)
    {
        await using var session = new Session(Sudo);
        await session.RemoveAsync(id);
    }

    // Takes any number of bytes, because they come from a disk of this machine.
    private sealed class Session(bool sudo) : OwnFileSession(
        sudo, new Limit("the record of the decision", TimeSpan.FromMinutes(10), "") { Bytes = long.MaxValue })
    {
        public Task<string> WriteAsync(IReadOnlyList<ReadOnlyMemory<byte>> parts, bool replaces) => ExchangeAsync(Limit, async () =>
        {
            var length = parts.Sum(part => (long)part.Length);
            Conversation.Request("decide", length.ToString(CultureInfo.InvariantCulture), replaces ? "again" : "new");
            // Sends and reads at the same time, because the shell may refuse before it has read everything.
            var sending = SendAsync(parts);
            await ReadToOkAsync("decide", null, CancellationToken.None);
            await sending;
            Conversation.Request("decided");
            await Conversation.SendAsync(CancellationToken.None);
            return await ReadToOkAsync("decided", null, CancellationToken.None);
        }, CancellationToken.None);

        public Task<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellation) => ReadFileAsync("decision", cancellation);

        public Task<string> RemoveAsync(string id) => ExchangeAsync(Limit, async () =>
        {
            Conversation.Request("settled", id);
            await Conversation.SendAsync(CancellationToken.None);
            return await ReadToOkAsync("settled", null, CancellationToken.None);
        }, CancellationToken.None);

        private async Task SendAsync(IReadOnlyList<ReadOnlyMemory<byte>> parts)
        {
            try
            {
                foreach (var part in parts) await Conversation.Payload.WriteAsync(part);
            }
            catch (IOException)
            {
                // The shell is gone. The reader will say why.
            }
            await Conversation.SendAsync(CancellationToken.None);
        }
    }
}
