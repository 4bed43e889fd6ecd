using System.Globalization;
using ConfSync.Protocol;
using ConfSync.Services;

namespace ConfSync.Primary;

/// <summary>A local shell that works on a file of the program's own, in /var/lib/nginx-sync of the primary.</summary>
/// <param name="sudo">Where the user is not root, the shell runs under sudo.</param>
/// <param name="limit">In time and bytes, of each exchange.</param>
internal abstract class OwnFileSession(bool sudo, Limit limit) : LocalSession(sudo, ServiceSet.Default)
{
    private protected Limit Limit => limit;

    /// <summary>The bytes of the file.</summary>
    /// <param name="request">Names the file. The answer has the same word.</param>
    /// <returns>Null where there is no file.</returns>
    /// <exception cref="PeerException">The file cannot be read, or other users may have written it.</exception>
    private protected Task<ReadOnlyMemory<byte>?> ReadFileAsync(string request, CancellationToken cancellation) => ExchangeAsync<ReadOnlyMemory<byte>?>(limit, async () =>
    {
        var mark = Mark();
        Conversation.Request(request, mark);
        await Conversation.SendAsync(cancellation);
        var answer = await Conversation.ReadAsync(cancellation);
        if (answer.Kind == "fail") throw await RefusalAsync(answer, cancellation);
        if (answer.Kind == "ok" && answer.Tokens is [var word] && word == request) return null;
        if (answer.Kind != request || answer.Tokens is not [var length]) throw Unexpected(answer);
        var bytes = await Conversation.ReadContentAsync(int.Parse(length, NumberStyles.None, CultureInfo.InvariantCulture), mark, cancellation);
        await ReadToOkAsync(request, null, cancellation);
        return bytes;
    }, cancellation);
}
