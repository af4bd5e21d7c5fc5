import { inject, type InjectionKey } from 'vue'
import type { Session } from '../login/session'
import type { IkQuery } from './gql/graphql'
import type { Api } from './api'
import type { Line } from './persevering'
import type { Typed } from '../taak/typed'

/** Who is logged in, as the server knows him. */
export type Ik = IkQuery['ik']

/** What every screen has at hand once somebody is logged in. */
export interface Here {
  api: Api
  session: Session
  /** The api's connection and the session, for what tries until there is an answer. */
  line: Line
  ik: Ik
  typed: Typed
}

export const HERE: InjectionKey<Here> = Symbol('here')

/** What this screen has at hand. */
export const useHere = (): Here => inject(HERE) as Here
