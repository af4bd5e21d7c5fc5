import { inject, type InjectionKey } from 'vue'
import type { Session } from '../login/session'
import type { IkQuery } from './gql/graphql'
import type { Api } from './api'
import type { RetryContext } from './retry'
import type { DialogInputs } from '../taak/dialogInputs'

/** The employee who is logged in, as the server describes them. */
export type Ik = IkQuery['ik']

/** What all screens use once an employee is logged in. */
export interface ScreenContext {
  api: Api
  session: Session
  /** The connection and the session, for retries. */
  retryContext: RetryContext
  ik: Ik
  dialogInputs: DialogInputs
}

export const SCREEN_CONTEXT: InjectionKey<ScreenContext> = Symbol('screenContext')

/** The context that `LoggedIn.vue` provides. */
export const useScreenContext = (): ScreenContext => inject(SCREEN_CONTEXT) as ScreenContext
