using Microsoft.AspNetCore.Http;
using Slipway.Sdk;

namespace Slipway.Foundation.Http;

/// <summary>
/// What a route carries whose callers expect faults in another form than ours: how to write one. It holds for whatever
/// refuses a request to that route, also before the route itself is asked.
/// </summary>
public sealed record FaultForm(Func<HttpContext, Fault, Task> WriteAsync);
